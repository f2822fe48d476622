Shall we cancel your <?cs if:service ?><?cs var:service ?> <?cs /if ?>appointment on <?cs var:when ?>? Reply YES to cancel it, NO to keep it. <?cs var:business ?>
