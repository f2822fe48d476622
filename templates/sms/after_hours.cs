<?cs var:business ?>: sorry, we are closed just now.<?cs if:opens ?> We are open again <?cs var:opens ?>.<?cs /if ?> Text us here what it is about and we get back to you.
