"""What the customers of the example shop are called and what they write.

All of it is invented. Addresses end in ``.example`` and phone numbers are of no
network, so that nothing ever reaches a stranger. A Persian shop gets Persian customers;
any other one gets both, as shops that speak two languages do.
"""

ENGLISH_NAMES = (
    *("Ava Thompson", "Liam Carter", "Mia Robinson", "Noah Fischer", "Zoe Martin"),
    *("Ethan Brooks", "Chloe Bennett", "Lucas Meyer", "Ella Hughes", "Oliver Grant"),
    *("Sophie Turner", "Jack Morgan", "Ruby Collins", "Leo Novak", "Grace Palmer"),
    *("Max Sullivan", "Ivy Foster", "Adam Kovacs", "Nora Ellis", "Sam Whitfield"),
    *("Lena Hoffmann", "Theo Marshall", "Clara Rossi", "Ben Ashworth", "Maya Patel"),
    *("Oscar Lindgren", "Julia Santos", "Finn Gallagher", "Amelia Reed", "Tom Barlow"),
    *("Hannah Weiss", "Felix Moreau", "Isla McKay", "Daniel Ortega", "Freya Jensen"),
    *("Marco Bianchi", "Alice Dupont", "Victor Hale", "Rosa Keller", "Peter Nash"),
)
PERSIAN_NAMES = (
    *("سارا احمدی", "رضا کریمی", "مریم حسینی", "امیر رستمی", "نیلوفر صادقی"),
    *("علی‌رضا مرادی", "پریسا رحیمی", "محمد نوری", "الهام شریفی", "سینا کاظمی"),
    *("نرگس طاهری", "حمید جعفری", "مینا اکبری", "آرش بهرامی", "زهرا موسوی"),
    *("کیان فرهادی", "شیرین امیری", "بابک یوسفی", "سپیده نظری", "پویا باقری"),
    *("لیلا هاشمی", "میلاد عباسی", "غزل سلیمانی", "فرهاد زارعی", "نگار محمودی"),
    *("احسان قاسمی", "مهسا ابراهیمی", "کامران اسدی", "ترانه خسروی", "سهیل رضایی"),
    *("یاسمن داودی", "نیما شاهین", "فاطمه حیدری", "داریوش مقدم", "ستاره علیزاده"),
    *("بهاره سعیدی", "سامان مهدوی", "ریحانه منصوری", "جواد ملکی", "آیدا محسنی"),
    *("هادی مظفری", "پرستو کاشانی", "مازیار گیلانی", "سحر شیرازی", "یوسف تبریزی"),
    *("ملیکا تهرانی", "ایمان همدانی", "رویا اصفهانی", "سروش یزدی", "شیما کرمانی"),
    *("بهرام خراسانی", "لاله زنجانی", "امین دامغانی", "هدیه قزوینی", "پیمان سمنانی"),
    *("مهناز رشتی", "فرزاد لاری", "گلناز بوشهری", "وحید اردبیلی", "دنیا مشهدی"),
)
ENGLISH_CITIES = ("London", "Toronto", "Berlin", "Manchester", "Dublin", "Lisbon")
PERSIAN_CITIES = ("تهران", "شیراز", "اصفهان", "مشهد", "تبریز", "رشت", "یزد")

# Conversations: lines of the customer (in) and of the shop (out).
ENGLISH_TALK = (
    (
        ("in", "Hi! Is the blue scarf still there?"),
        ("out", "It is, two are left. Shall I keep one for you?"),
        ("in", "Yes please, I'll come by on Saturday."),
    ),
    (
        ("in", "How much is delivery?"),
        ("out", "Free from 50 on, otherwise 4. It takes two days."),
        ("in", "Great, thanks!"),
    ),
    (
        ("out", "Your parcel is on its way."),
        ("in", "It has just arrived. I love it!"),
    ),
    (
        ("in", "Do you have this in size M?"),
        ("out", "Only S and L now; M comes next week. Shall I write to you then?"),
        ("in", "Yes, please do."),
    ),
    (
        ("out", "The new collection is here. Would you like to see it?"),
        ("in", "Oh nice, send me some photos."),
    ),
    (("in", "Can I exchange a present?"), ("out", "Of course, within 14 days.")),
    (("in", "Saw your story. What does the brown bag cost?"),),
    (
        ("out", "We have not heard from you for a while. Is everything all right?"),
        ("out", "There is 10 % off for you this week."),
    ),
)
PERSIAN_TALK = (
    (
        ("in", "سلام، شال آبی هنوز موجوده؟"),
        ("out", "سلام، بله دو تا مونده. یکی براتون کنار بذارم؟"),
        ("in", "ممنون می‌شم، شنبه میام می‌برم."),
    ),
    (
        ("in", "هزینهٔ ارسال چقدره؟"),
        ("out", "برای خریدهای بالا رایگانه و دو روزه می‌رسه."),
        ("in", "عالیه، ممنون"),
    ),
    (
        ("out", "سفارش شما ارسال شد."),
        ("in", "همین الان رسید، خیلی قشنگه!"),
    ),
    (
        ("in", "سایز مدیوم این مدل رو دارید؟"),
        ("out", "الان نه، هفتهٔ بعد می‌رسه. خبرتون کنم؟"),
        ("in", "بله لطفاً"),
    ),
    (
        ("out", "مدل‌های تازه رسیده، دوست دارید ببینید؟"),
        ("in", "چه خوب، عکسش رو بفرستید لطفاً"),
    ),
    (("in", "هدیه رو می‌شه عوض کرد؟"), ("out", "حتماً، تا دو هفته.")),
    (("in", "استوری رو دیدم، کیف قهوه‌ای چنده؟"),),
    (
        ("out", "مدتیه ازتون خبری نیست، همه چیز خوبه؟"),
        ("out", "این هفته برای شما ده درصد تخفیف گذاشتیم."),
    ),
)
SOURCES = {
    "en": ("Instagram", "Telegram", "In the shop", "A friend"),
    "fa": ("اینستاگرام", "تلگرام", "حضوری", "معرفی دوستان"),
}
TAGS = {
    "en": {"wholesale": "Wholesale", "newsletter": "Newsletter", "gifts": "Gifts"},
    "fa": {"wholesale": "عمده", "newsletter": "خبرنامه", "gifts": "هدیه"},
}
TASKS = {
    "en": ("Call about the order", "Send photos of the new collection"),
    "fa": ("تماس دربارهٔ سفارش", "فرستادن عکس مدل‌های تازه"),
}
