### The journal.

journal-ask = This is your journal. Write whatever you like, in one message or several, and press Done when you are finished.
journal-heard =
    { $parts ->
        [one] I have it. Write on, or press Done to keep it.
       *[other] I have all { $parts } parts. Write on, or press Done to keep them.
    }
journal-still-open =
    { $parts ->
        [one] Your journal entry is still open, with one part so far. Write on, or press Done to keep it.
       *[other] Your journal entry is still open, with { $parts } parts so far. Write on, or press Done to keep it.
    }
journal-saved =
    { $words ->
        [one] Kept: one word in your journal.
       *[other] Kept: { $words } words in your journal.
    }
journal-private = It is private: sealed with your key, and nobody reads along.
journal-empty = Nothing was written, so nothing is kept. The journal is there whenever you want it.
journal-discarded = Thrown away. Nothing of it is kept in your journal.
