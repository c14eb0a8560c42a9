### /settings, /language, /region

settings-language =
    { $language ->
        [en] Idioma: inglés
        [es] Idioma: español
       *[other] Idioma: { $language }
    }
settings-region = País para las líneas de ayuda: { $country }
settings-no-region = País para las líneas de ayuda: sin elegir

language-ask = ¿En qué idioma hablamos?
language-unknown = Ese idioma todavía no lo hablo. Puedo hablar estos:
language-noted = A partir de ahora hablamos en español.
settings-unchanged = Está bien. Lo he dejado como estaba.
