"""What settings take from outside: variables, the file `.env`, the secret key, the address of the mail server."""
