<?cs var:business ?> <?cs var:severity ?>: <?cs var:because ?>. Caller: <?cs var:caller ?>.<?cs if:words ?> Said: "<?cs var:words ?>"<?cs /if ?>
