<?cs var:business ?>: sorry we missed your call. Text us here what it is about and we get back to you.
