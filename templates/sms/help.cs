<?cs var:business ?>: text us what you need<?cs if:number ?> or call <?cs var:number ?><?cs /if ?>. Reply STOP for no more texts. Message and data rates may apply.
