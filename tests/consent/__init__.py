from . import test_consent_states
