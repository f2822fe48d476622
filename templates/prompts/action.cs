<?cs if:Action == "transfer_owner" && CanTransfer == "1" ?># What the caller asked for
A person, and somebody may be rung now: call transfer_to_owner at once, with the reason in a few words. If it is not ok, offer a callback.
<?cs /if ?>