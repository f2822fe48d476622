<?cs var:business ?> needs you: <?cs var:because ?>. Caller: <?cs var:caller ?>.<?cs if:words ?> Said: "<?cs var:words ?>"<?cs /if ?>
