### /settings, /language, /region

settings-language =
    { $language ->
        [en] Language: English
        [es] Language: Spanish
       *[other] Language: { $language }
    }
settings-region = Country for helplines: { $country }
settings-no-region = Country for helplines: not set

language-ask = Which language shall we speak?
language-unknown = I do not speak that language yet. I can speak these:
language-noted = From now on we speak English.
settings-unchanged = That is fine. I left it as it was.
