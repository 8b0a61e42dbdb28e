from . import test_sources_install
