"""Telegram and Instagram as a shop meets them, made up and on the loopback interface.

They behave as the real ones do where it hurts: they deliver again, limit, refuse, take
a message and cut the line. What tests and ``./run simulate`` do as customers or as
trouble are methods; other programs call them under ``/control``. Standard library
only, and nothing of the product.
"""
