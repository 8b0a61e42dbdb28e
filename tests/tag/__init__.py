from . import test_tag_oracle
