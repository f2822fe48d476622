Gracias por su mensaje. Se lo paso a <?cs if:owner ?><?cs var:owner ?><?cs else ?>mi jefe<?cs /if ?>, quien le responde en cuanto pueda. <?cs var:business ?>
