"""How this project writes dates, by language; Django reads it through FORMAT_MODULE_PATH."""
