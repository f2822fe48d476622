<?cs include!"admin/macros.cs" ?><?cs include!"admin/live_calls.cs" ?>
