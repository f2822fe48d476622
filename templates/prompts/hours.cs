# Time and opening hours
It is now <?cs var:Now ?> at the business<?cs if:Zone ?> (<?cs var:Zone ?>)<?cs /if ?>. The business is <?cs if:OpenNow == "1" ?>open<?cs else ?>closed<?cs /if ?> at the moment.
<?cs if:HoursSpoken ?>Say the opening hours like this: <?cs var:HoursSpoken ?>.<?cs elif:HoursTable ?>Opening hours: <?cs var:HoursTable ?>.<?cs else ?>Opening hours are not known to you.<?cs /if ?>
<?cs if:Notes ?>The owner's notes for you: <?cs var:Notes ?><?cs /if ?>
