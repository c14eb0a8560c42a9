### The help card: one line for each way to reach a person. Numbers and names are data
### (safety/helplines) and are never translated.

# $sure is no when the number could not be confirmed.
card-emergency =
    { $sure ->
        [no] In danger right now: call { $number } (this number could not be confirmed)
       *[yes] In danger right now: call { $number }
    }
# An argument is `none` when the line cannot be reached that way. $word is what to send to $text.
# $hours is `always`, or hours as the operator gives them.
card-line =
    { $name }{ $phone ->
        [none] {""}
       *[other] : call { $phone }
    }{ $text ->
        [none] {""}
       *[other] { $word ->
            [none] ; text { $text }
           *[other] ; text { $word } to { $text }
        }
    }{ $whatsapp ->
        [none] {""}
       *[other] ; WhatsApp { $whatsapp }
    }{ $web ->
        [none] {""}
       *[other] ; { $web }
    }{ $hours ->
        [none] {""}
        [always] {" "}(day and night)
       *[other] {" "}({ $hours })
    }
card-no-reliable-line = I know of no helpline here that I can be sure of. The directory above lists lines all over the world.
card-assumed-region = You have not told me your country, so these are for { $country }. You can set another with /region.
