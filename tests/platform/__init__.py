from . import test_platform_health
from . import test_platform_heartbeat
from . import test_platform_jobs
from . import test_platform_language
