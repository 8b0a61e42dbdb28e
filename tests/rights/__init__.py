from . import test_rights_matrix
