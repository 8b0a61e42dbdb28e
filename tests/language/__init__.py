from . import test_language_persian
