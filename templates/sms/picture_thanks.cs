Thank you for the picture. What would you like us to do? <?cs var:business ?>
