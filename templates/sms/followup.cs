Thank you for calling <?cs var:business ?><?cs if:name ?>, <?cs var:name ?><?cs /if ?>.<?cs if:summary ?> <?cs var:summary ?><?cs /if ?> Text us here if there is anything else.
