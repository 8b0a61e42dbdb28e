"""Lists that seeded customers are made of; all of it invented, none of it anybody's.

Persian names stand with their Latin spelling (``علی Ali``), from which e-mail addresses
are made. Addresses use the reserved top-level domain ``example``, so that nothing is
ever sent to a stranger.
"""


def _pairs(text):
    """``فارسی Latin`` per comma: list of (Persian, Latin)."""
    entries = (entry.rpartition(" ") for entry in _words(text))
    return [(persian, latin) for persian, _space, latin in entries]


def _words(text):
    return [" ".join(entry.split()) for entry in text.split(",")]


PERSIAN_FIRST = _pairs(
    """علی Ali, محمد Mohammad, رضا Reza, حسین Hossein, حسن Hassan, مهدی Mehdi, امیر
    Amir, احمد Ahmad, سعید Saeed, حمید Hamid, مجید Majid, مسعود Masoud, محمود
    Mahmoud, کاظم Kazem, جواد Javad, هادی Hadi, ناصر Naser, اکبر Akbar, اصغر Asghar,
    عباس Abbas, یوسف Yousef, ابراهیم Ebrahim, اسماعیل Esmaeil, داود Davoud, سینا
    Sina, آرش Arash, کیان Kian, کوروش Kourosh, داریوش Dariush, بهرام Bahram, فرهاد
    Farhad, شهرام Shahram, بابک Babak, سیامک Siamak, فرزاد Farzad, فرشید Farshid,
    پیمان Peyman, پویا Pouya, نیما Nima, کامران Kamran, کامیار Kamyar, مازیار
    Maziar, سهیل Soheil, سامان Saman, سروش Soroush, شایان Shayan, آرین Arian, آریا
    Aria, پارسا Parsa, ماهان Mahan, امین Amin, ایمان Iman, احسان Ehsan, میلاد Milad,
    مرتضی Morteza, مصطفی Mostafa, مجتبی Mojtaba, وحید Vahid, یاسر Yaser, امیرحسین
    Amirhossein, محمدرضا Mohammadreza, علیرضا Alireza, امیرعلی Amirali, فاطمه
    Fatemeh, زهرا Zahra, مریم Maryam, زینب Zeynab, معصومه Masoumeh, لیلا Leila, نرگس
    Narges, سمیه Somayeh, نسرین Nasrin, مینا Mina, سارا Sara, نازنین Nazanin, الهام
    Elham, نیلوفر Niloufar, پریسا Parisa, شیرین Shirin, شیما Shima, سمانه Samaneh,
    آزاده Azadeh, بهاره Bahareh, ترانه Taraneh, ستاره Setareh, یاسمن Yasaman, مهسا
    Mahsa, مهناز Mahnaz, شهناز Shahnaz, فرناز Farnaz, گلناز Golnaz, سحر Sahar, سپیده
    Sepideh, رویا Roya, نگار Negar, نگین Negin, آیدا Aida, هانیه Hanieh, هدیه
    Hedieh, کیمیا Kimia, غزل Ghazal, ملیکا Melika, پرستو Parastoo, پروانه Parvaneh,
    فرشته Fereshteh, مژگان Mozhgan, ریحانه Reyhaneh, محدثه Mohaddeseh, عاطفه Atefeh,
    زیبا Ziba, فریبا Fariba, مهین Mahin, ناهید Nahid, پروین Parvin, سوسن Sousan,
    لاله Laleh, ژاله Zhaleh, هما Homa, دنیا Donya, ثریا Soraya, آناهیتا Anahita,
    مهتاب Mahtab, شقایق Shaghayegh"""
)

PERSIAN_LAST = _pairs(
    """احمدی Ahmadi, محمدی Mohammadi, حسینی Hosseini, رضایی Rezaei, کریمی Karimi, موسوی
    Mousavi, جعفری Jafari, صادقی Sadeghi, مرادی Moradi, علیزاده Alizadeh, هاشمی
    Hashemi, رحیمی Rahimi, ابراهیمی Ebrahimi, قاسمی Ghasemi, اکبری Akbari, حیدری
    Heydari, نوری Nouri, عباسی Abbasi, یوسفی Yousefi, سلیمانی Soleimani, زارعی
    Zarei, باقری Bagheri, شریفی Sharifi, امیری Amiri, رستمی Rostami, اسدی Asadi,
    طاهری Taheri, فرهادی Farhadi, کاظمی Kazemi, نظری Nazari, محمودی Mahmoudi, بهرامی
    Bahrami, سعیدی Saeedi, داودی Davoudi, خسروی Khosravi, شاهین Shahin, پارسا Parsa,
    تهرانی Tehrani, اصفهانی Esfahani, شیرازی Shirazi, تبریزی Tabrizi, کرمانی
    Kermani, یزدی Yazdi, قمی Ghomi, کاشانی Kashani, همدانی Hamedani, گیلانی Gilani,
    رشتی Rashti, مازندرانی Mazandarani, خراسانی Khorasani, نیشابوری Neyshabouri,
    مشهدی Mashhadi, لاری Lari, دزفولی Dezfouli, بوشهری Boushehri, اردبیلی Ardabili,
    زنجانی Zanjani, قزوینی Ghazvini, سمنانی Semnani, دامغانی Damghani, محسنی
    Mohseni, منصوری Mansouri, مظفری Mozaffari, مقدم Moghaddam, ملکی Maleki, مهدوی
    Mahdavi, میرزایی Mirzaei, نادری Naderi, ناصری Naseri, نجفی Najafi, نصیری Nasiri,
    نعمتی Nemati, نیکو Nikou, وحیدی Vahidi, ولی‌زاده Valizadeh, هدایتی Hedayati,
    همتی Hemmati, یعقوبی Yaghoubi, یزدانی Yazdani, آقایی Aghaei, آذری Azari, آریایی
    Ariaei, اسلامی Eslami, افشار Afshar, امینی Amini, انصاری Ansari, ایزدی Izadi,
    بابایی Babaei, بختیاری Bakhtiari, بهزادی Behzadi, پورمحمد Pourmohammad, پوررضا
    Pourreza, پهلوان Pahlavan, پناهی Panahi, پیروز Pirouz, توکلی Tavakoli, ثابتی
    Sabeti, جلالی Jalali, جمشیدی Jamshidi, جوادی Javadi, حاتمی Hatami, حاجی‌زاده
    Hajizadeh, حسن‌زاده Hasanzadeh, حسین‌پور Hosseinpour, حقیقی Haghighi, حمیدی
    Hamidi, خانی Khani, خدادادی Khodadadi, خلیلی Khalili, دانش Danesh, درویشی
    Darvishi, دلاوری Delavari, دهقان Dehghan, ذوالفقاری Zolfaghari, راد Rad, رحمانی
    Rahmani, رسولی Rasouli, رفیعی Rafiei, رمضانی Ramezani, روحانی Rouhani, زمانی
    Zamani, زند Zand, سبحانی Sobhani, ستوده Sotoudeh, سرمدی Sarmadi, سلطانی Soltani,
    شاکری Shakeri, شجاعی Shojaei, شفیعی Shafiei, شکوهی Shokouhi, شهبازی Shahbazi,
    صالحی Salehi, صفایی Safaei, صمدی Samadi, ضیایی Ziaei, طباطبایی Tabatabaei, عزیزی
    Azizi, عسگری Asgari, غلامی Gholami, فتحی Fathi, فلاح Fallah, فیضی Feyzi, قربانی
    Ghorbani, قنبری Ghanbari, کمالی Kamali, کیانی Kiani, گودرزی Goudarzi, گلستانی
    Golestani, لطفی Lotfi, مددی Madadi, مرتضوی Mortazavi, معینی Moeini, نوروزی
    Norouzi, هوشمند Houshmand"""
)

# city in Persian and Latin, area code of its landlines
PERSIAN_CITIES = [
    (persian, latin.partition("/")[0], latin.partition("/")[2])
    for persian, latin in _pairs(
        """تهران Tehran/21, مشهد Mashhad/51, اصفهان Isfahan/31, کرج Karaj/26, شیراز
        Shiraz/71, تبریز Tabriz/41, قم Qom/25, اهواز Ahvaz/61, کرمانشاه
        Kermanshah/83, ارومیه Urmia/44, رشت Rasht/13, زاهدان Zahedan/54, همدان
        Hamadan/81, کرمان Kerman/34, یزد Yazd/35, اردبیل Ardabil/45, بندرعباس
        BandarAbbas/76, اراک Arak/86, زنجان Zanjan/24, سنندج Sanandaj/87, قزوین
        Qazvin/28, خرم‌آباد Khorramabad/66, گرگان Gorgan/17, ساری Sari/11, بجنورد
        Bojnord/58, بوشهر Bushehr/77, بیرجند Birjand/56, ایلام Ilam/84, شهرکرد
        Shahrekord/38, سمنان Semnan/23, یاسوج Yasuj/74"""
    )
]

PERSIAN_STREETS = _words(
    """خیابان ولیعصر, خیابان آزادی, خیابان انقلاب, بلوار کشاورز, خیابان شریعتی,
    خیابان سعدی, خیابان حافظ, خیابان فردوسی, بلوار معلم, خیابان امام خمینی,
    کوچه بهار, کوچه نرگس, کوچه شقایق, خیابان گلستان, خیابان دانشگاه"""
)

ENGLISH_FIRST = _words(
    """James, Mary, Robert, Patricia, John, Jennifer, Michael, Linda, David, Elizabeth,
    William, Barbara, Richard, Susan, Joseph, Jessica, Thomas, Karen, Charles, Lisa,
    Daniel, Nancy, Matthew, Betty, Anthony, Sandra, Mark, Margaret, Steven, Ashley,
    Andrew, Emily, Paul, Kimberly, Joshua, Donna, Kenneth, Michelle, Kevin, Carol,
    Brian, Amanda, George, Melissa, Timothy, Deborah, Ronald, Stephanie, Jason,
    Rebecca, Edward, Laura, Jeffrey, Helen, Ryan, Sharon, Jacob, Cynthia, Gary,
    Kathleen, Nicholas, Amy, Eric, Angela, Jonathan, Shirley, Stephen, Anna, Larry,
    Brenda, Justin, Pamela, Scott, Emma, Brandon, Nicole, Benjamin, Samantha,
    Samuel, Katherine, Gregory, Christine, Alexander, Hannah, Patrick, Rachel,
    Frank, Olivia, Raymond, Sophia, Jack, Grace, Dennis, Chloe, Jerry, Zoe, Oliver,
    Isla, Noah, Ruby, Omar, Layla, Lukas, Lena, Mehmet, Elif, Pierre, Camille"""
)

ENGLISH_LAST = _words(
    """Smith, Johnson, Williams, Brown, Jones, Garcia, Miller, Davis, Rodriguez,
    Martinez, Hernandez, Lopez, Gonzalez, Wilson, Anderson, Thomas, Taylor, Moore,
    Jackson, Martin, Lee, Perez, Thompson, White, Harris, Sanchez, Clark, Ramirez,
    Lewis, Robinson, Walker, Young, Allen, King, Wright, Scott, Torres, Nguyen,
    Hill, Flores, Green, Adams, Nelson, Baker, Hall, Rivera, Campbell, Mitchell,
    Carter, Roberts, Gomez, Phillips, Evans, Turner, Diaz, Parker, Cruz, Edwards,
    Collins, Reyes, Stewart, Morris, Morales, Murphy, Cook, Rogers, Gutierrez,
    Ortiz, Morgan, Cooper, Peterson, Bailey, Reed, Kelly, Howard, Ramos, Kim, Cox,
    Ward, Richardson, Watson, Brooks, Chavez, Wood, James, Bennett, Gray, Mendoza,
    Ruiz, Hughes, Price, Alvarez, Castillo, Sanders, Patel, Myers, Long, Ross,
    Foster, Jimenez, O'Brien, McDonald, Fisher, Schmidt, Schneider, Weber, Becker,
    Hoffmann, Yilmaz, Demir, Kaya, Haddad, Mansour, Dubois, Moreau, Laurent,
    Bernard, Petit, Hamilton, Graham"""
)

# city, country code, prefixes of its phones, digits that follow the prefix
ENGLISH_CITIES = [
    ("New York", "US", ("212", "646", "718", "917"), 7),
    ("Los Angeles", "US", ("213", "310", "323"), 7),
    ("Chicago", "US", ("312", "773"), 7),
    ("Houston", "US", ("713", "832"), 7),
    ("San Francisco", "US", ("415", "628"), 7),
    ("Seattle", "US", ("206",), 7),
    ("Toronto", "CA", ("416", "647"), 7),
    ("Vancouver", "CA", ("604", "778"), 7),
    ("Montreal", "CA", ("514", "438"), 7),
    ("London", "GB", ("7400", "7500", "7712", "7811", "7912"), 6),
    ("Manchester", "GB", ("7402", "7505", "7720", "7834"), 6),
    ("Birmingham", "GB", ("7410", "7511", "7730", "7890"), 6),
    ("Berlin", "DE", ("1511", "1512", "1520", "1575"), 7),
    ("Munich", "DE", ("1514", "1515", "1522", "1577"), 7),
    ("Hamburg", "DE", ("1516", "1517", "1523", "1578"), 7),
    ("Istanbul", "TR", ("532", "533", "542", "555"), 7),
    ("Ankara", "TR", ("535", "536", "543", "505"), 7),
    ("Dubai", "AE", ("50", "52", "55"), 7),
    ("Abu Dhabi", "AE", ("54", "56", "58"), 7),
    ("Paris", "FR", ("61", "62", "66", "67"), 7),
    ("Lyon", "FR", ("60", "64", "65", "68"), 7),
    ("Sydney", "AU", ("412", "423", "434"), 6),
    ("Melbourne", "AU", ("401", "415", "438"), 6),
]

ENGLISH_STREETS = _words(
    """High Street, Station Road, Main Street, Park Avenue, Oak Street, Church Road,
    Maple Avenue, Mill Lane, King Street, Queen Street, Bridge Road, Garden Row,
    Cedar Lane, Lake View, Hill Road"""
)

# calling code and the digit dialled before a number at home
CALLING = {
    "IR": ("98", "0"),
    "US": ("1", ""),
    "CA": ("1", ""),
    "GB": ("44", "0"),
    "DE": ("49", "0"),
    "TR": ("90", "0"),
    "AE": ("971", "0"),
    "FR": ("33", "0"),
    "AU": ("61", "0"),
}

IRANIAN_MOBILES = _words(
    """910, 911, 912, 913, 914, 915, 916, 917, 918, 919, 990, 991, 992, 901, 902, 903,
    930, 933, 935, 936, 937, 938, 939, 920, 921"""
)

MAIL_HOSTS = _words("gmail.example, yahoo.example, outlook.example, mail.example")

# share of customers in percent
SOURCES = {
    "Instagram": 40,
    "Telegram": 22,
    "Walk-in": 14,
    "Website": 9,
    "Referral": 8,
    "WhatsApp": 4,
}

# tag -> share of customers in percent
TAGS = {
    "عمده": 4,
    "خوش‌حساب": 12,
    "تلگرامی": 15,
    "مشتری حضوری": 10,
    "پیگیری": 7,
    "Wholesale": 3,
    "Likes discounts": 14,
    "Newsletter": 20,
    "Gift buyer": 6,
    "Complained once": 3,
    "Prefers calls": 5,
    "Neighbour": 8,
}

MESSAGES_FROM = _words(
    """سلام، قیمت این چنده؟, رنگ مشکی هم دارید؟, ارسال به شهرستان دارید؟, ممنون رسید,
    کی می‌رسه؟, سایز لارج موجوده؟, تخفیف نداره؟, شماره کارت لطفاً, واریز کردم, عالی
    بود مرسی, میشه عکس بیشتری بفرستید؟, آدرس مغازه کجاست؟, هنوز موجوده؟, Hi is this
    still available?, How much is shipping?, Do you have it in blue?, Thanks it
    arrived, Can I pay on delivery?, Where is your shop?, Is there a discount?, I
    would like two of these, When will it be back in stock?"""
)

MESSAGES_TO = _words(
    """سلام وقت بخیر، بله موجوده, فردا ارسال می‌شه, کد رهگیری رو براتون فرستادم, خواهش
    می‌کنم, هزینه ارسال رایگانه, بله رنگ‌بندی کامل داریم, ممنون از خریدتون, Yes it
    is available, We ship tomorrow, Here is your tracking number, Our pleasure,
    Delivery is free this week, The new collection is here, Thank you for your order"""
)
