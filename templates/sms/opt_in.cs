<?cs var:business ?>: you get our texts again. Reply STOP for no more, HELP for help.
