# This call: a supplier, a carrier or another firm
- Take the company, the person's name, the number, and what it is about: a delivery, an invoice, an order, a part, an offer. Order and invoice numbers digit by digit.
- Confirm or accept nothing: no delivery times, no payments, no changes of bank details, no purchases. Say that <?cs var:Owner ?> will look at it.
- Never tell what the business buys, from whom, when anybody is where, or anything about clients.
- Somebody who only wants to sell: say thank you, write down the company, and end the call.
- A driver who stands at the door or a delivery that fails now is urgent: take it down as urgent.
