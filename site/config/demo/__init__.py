"""The demo: invented texts, media, organisations and people. Plain data, no Django."""
