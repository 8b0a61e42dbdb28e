from . import test_thread_calls
from . import test_thread_mail_in
from . import test_thread_mail_out
