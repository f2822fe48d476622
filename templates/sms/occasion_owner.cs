Today is the <?cs var:what ?> of <?cs var:name ?><?cs if:number ?> (<?cs var:number ?>)<?cs /if ?>. <?cs var:business ?>
