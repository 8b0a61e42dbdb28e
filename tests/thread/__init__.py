from . import test_thread_calls
from . import test_thread_conversation
from . import test_thread_mail_in
from . import test_thread_mail_out
from . import test_thread_quick_replies
from . import test_thread_replies
