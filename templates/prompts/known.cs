<?cs if:subcount(Known) ?>
# What is known of the caller
For your understanding only: do not read it out, do not confirm it, and tell it to nobody, the caller included. Whoever asks what is stored is told that <?cs var:Owner ?> will answer that.
<?cs if:Known.Standing == "vip" ?>- An important client.
<?cs /if ?><?cs if:Known.Company ?>- They call for <?cs var:Known.Company ?>.
<?cs /if ?><?cs if:Known.Systems ?>- This client has <?cs var:Known.Systems ?>.
<?cs /if ?><?cs if:Known.Preferred ?>- They like to be reached by <?cs var:Known.Preferred ?>.
<?cs /if ?><?cs if:Known.Language ?>- Their language: <?cs var:Known.Language ?>.
<?cs /if ?><?cs if:Known.Notes ?>- The owner noted: <?cs var:Known.Notes ?>
<?cs /if ?><?cs /if ?>