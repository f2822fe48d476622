/* What the receptionist says it did (core/claims.h): sentences with the claims they make. The
 * second table was written after the rules stood; precision and recall on it are printed. */
#include "core/claims.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct line {
    const char *text, *claims; /* names, a space apart; "" = none */
};

static const struct line known[] = {
    /* booked */
    {"You're booked for Tuesday at two.", "booked"},
    {"You are all set for Thursday the 3rd at 9 a.m.", "booked"},
    {"I've booked you in for drain cleaning tomorrow at ten.", "booked"},
    {"I have scheduled that for Monday.", "booked"},
    {"Your appointment is confirmed for Friday at 8 am.", "booked"},
    {"Okay, that's booked.", "booked"},
    {"I've got you down for Wednesday at noon.", "booked"},
    {"I have you down for Tuesday at 2 pm, anything else I can help with?", "booked"},
    {"Raj will be there on Tuesday between eight and ten.", "booked"},
    {"Great, we'll see you on Tuesday.", "booked"},
    {"Just to let you know, you are booked for Tuesday.", "booked"},
    {"I can confirm that you are booked for Friday.", "booked"},
    {"Before you go, you are booked for Tuesday at two.", "booked"},
    {"I can book that for you.", ""},
    {"I could schedule you for Monday, if that works.", ""},
    {"Shall I book Tuesday at two for you?", ""},
    {"Would you like me to book that?", ""},
    {"Let me book that for you.", ""},
    {"Once you have picked a time you are booked.", ""},
    {"If that works, you're booked for Tuesday.", ""},
    {"You are not booked yet.", ""},
    {"I have not booked anything.", ""},
    {"Nothing is booked yet.", ""},
    {"Are you booked with anybody else?", ""},
    {"We are booked solid until Friday.", ""},
    {"Sorry, that time is taken; nobody can come on Tuesday.", ""},
    {"Your appointment will be confirmed by Sal.", ""},
    {"Is your appointment confirmed?", ""},
    {"I was not able to book it.", ""},
    {"I tried to book you for Tuesday.", ""},
    {"When would you like to be booked?", ""},
    /* moved, cancelled */
    {"I've moved your appointment to Thursday at three.", "moved"},
    {"Your appointment has been rescheduled to Monday.", "moved"},
    {"It's moved to Friday now.", "moved"},
    {"I can move your appointment to Thursday.", ""},
    {"We moved to a new office last year.", ""},
    {"Which day should it be moved to?", ""},
    {"I've cancelled your appointment.", "cancelled"},
    {"Your visit on Tuesday is cancelled.", "cancelled"},
    {"Okay, that is canceled for you.", "cancelled"},
    {"I have not cancelled it.", ""},
    {"Do you want me to cancel it?", ""},
    {"If you want it cancelled, please say so.", ""},
    /* texts */
    {"I've texted you the address.", "texted"},
    {"I just sent you a confirmation.", "texted"},
    {"You will get a text with the details.", "texted"},
    {"I'll text you the link now.", "texted"},
    {"I can text you the address.", ""},
    {"Can I text you?", ""},
    {"I could not text you: your number cannot take texts.", ""},
    {"Please text a picture to this number.", ""},
    {"I won't text you anything.", ""},
    /* callbacks */
    {"Sal will call you back tomorrow morning.", "callback"},
    {"Somebody will get back to you shortly.", "callback"},
    {"I'll have Sal call you this afternoon.", "callback"},
    {"We'll be in touch.", "callback"},
    {"You'll hear from us by three.", "callback"},
    {"He's going to call you back within the hour.", "callback"},
    {"Your callback is set for four o'clock.", "callback"},
    {"Sal will give you a call.", "callback"},
    {"Once Sal is out of his meeting, he will call you back.", "callback"},
    {"Sal can call you back.", ""},
    {"Shall Sal call you back?", ""},
    {"Would you like somebody to call you back?", ""},
    {"If you leave your number, Sal will call you back.", ""},
    {"Sal will not call you back today.", ""},
    {"Nobody will call you back.", ""},
    {"When will you call us back?", ""},
    {"Please call us back tomorrow.", ""},
    {"What number should we call you back on?", ""},
    {"I cannot promise that he will call you.", ""},
    /* put through */
    {"I'm putting you through now.", "put_through"},
    {"Connecting you now.", "put_through"},
    {"I will transfer you to Sal.", "put_through"},
    {"I cannot put you through at the moment.", ""},
    {"I could transfer you, if you like.", ""},
    {"Do you want me to put you through?", ""},
    /* told */
    {"I've let Sal know.", "told"},
    {"I have notified the owner.", "told"},
    {"I'm texting Sal right now.", "told"},
    {"The owner has been alerted.", "told"},
    {"Help is on the way.", "told"},
    {"I'll let him know right away.", "told"},
    {"I could not reach Sal.", ""},
    {"I have told you that already.", ""},
    {"Should I let Sal know?", ""},
    /* tickets, messages */
    {"I've opened a ticket for that.", "ticket"},
    {"Your ticket number is 42.", "ticket"},
    {"I can open a ticket for you.", ""},
    {"I have taken your message.", "message"},
    {"I'll pass that on to Sal.", "message"},
    {"I'll make sure he gets the message.", "message"},
    {"Your message has been recorded.", "message"},
    {"Would you like to leave a message?", ""},
    {"Please leave your message after the tone.", ""},
    {"If you leave a message, I will pass it on.", ""},
    /* more than one, and none at all */
    {"You're booked for Tuesday at two. I have texted you the details.", "booked texted"},
    {"I couldn't book it, but Sal will call you back.", "callback"},
    {"I've noted that and Sal will ring you back today.", "callback message"},
    {"We are open Monday to Friday, eight to five.", ""},
    {"The visit costs 95 dollars.", ""},
    {"Thank you for calling Harwick Plumbing, how can I help?", ""},
    {"Alright Dana, you're confirmed for the tenth at half past nine.", "booked"},
    {"I went ahead and scheduled you for Monday morning.", "booked"},
    {"Perfect, I've reserved the 4 pm slot.", "booked"},
    {"Your cleaning is booked with Dr. Cole on Thursday.", "booked"},
    {"A technician will come by tomorrow between nine and eleven.", "booked"},
    {"That's you in the calendar for Friday at one.", "booked"},
    {"I have that time available, would you like it?", ""},
    {"Monday at nine is free, shall we say that?", ""},
    {"To get you booked I need your address first.", ""},
    {"I'm afraid I wasn't able to schedule that.", ""},
    {"You were booked for last Tuesday, is that the visit you mean?", ""},
    {"The soonest we could have somebody there is Thursday.", ""},
    {"We've pushed your visit back to the 14th.", "moved"},
    {"Done, your appointment is now on Thursday at four instead.", "moved"},
    {"I've switched you over to Dr. Ruiz on Monday.", "moved"},
    {"To move it I need to know the day it is on.", ""},
    {"Your Thursday slot has been canceled, no charge.", "cancelled"},
    {"I took that appointment off the calendar.", "cancelled"},
    {"There is no fee for appointments cancelled a day ahead.", ""},
    {"Nothing has been cancelled so far.", ""},
    {"I've just fired off a text with the address.", "texted"},
    {"A confirmation text is on its way to you.", "texted"},
    {"We'll send you a reminder the day before.", "texted"},
    {"I only text after you agree to it.", ""},
    {"Do you get texts on this number?", ""},
    {"Somebody from the office will ring you before noon.", "callback"},
    {"Mr. Harwick will phone you as soon as he is off the job.", "callback"},
    {"I'll ask Raj to give you a ring tonight.", "callback"},
    {"Expect a call from us within the hour.", "callback"},
    {"You should be hearing from Sal later today.", "callback"},
    {"We will try to reach you again.", ""},
    {"The owner might call you later, I can't say for sure.", ""},
    {"He calls people back in the evening.", ""},
    {"What is the best time for us to call you?", ""},
    {"Please hold, I'm transferring you to the on-call plumber.", "put_through"},
    {"Let me see if I can connect you.", ""},
    {"Stay on the line while I get Sal.", "put_through"},
    {"I've paged the on-call technician.", "told"},
    {"Sal knows about the leak and is on his way.", "told"},
    {"I am alerting the owner as we speak.", "told"},
    {"You should tell the owner yourself.", ""},
    {"I logged a support ticket, number 18.", "ticket"},
    {"There is no ticket open under that name.", ""},
    {"I wrote your message down for Sal.", "message"},
    {"I'll see to it that Sal gets your note.", "message"},
    {"Your request was forwarded to the office.", "message"},
    {"I have nothing noted under that number.", ""},
    {"May I take a message?", ""},
    {"Turn the water off at the main valve until somebody is there.", ""},
    {"We do not give prices over the phone.", ""},
    {"", ""},
};

/* Written after the rules above and those of `known` stood, without a look at the patterns:
 * precision 0.962, recall 0.833 at first sight. */
static const struct line fresh[] = {
    {"Very good, Mrs. Alvarez, you're on the schedule for Wednesday at three.", "booked"},
    {"We've penciled you in for the 9th, and it is confirmed.", "booked"},
    {"Your estimate visit is set for Monday at noon.", "booked"},
    {"So that's Thursday at 10 am, you're booked, thank you.", "booked"},
    {"Sal will come out on Friday between one and three.", "booked"},
    {"You'd be booked for Friday then, correct?", ""},
    {"We are usually booked two weeks ahead.", ""},
    {"I need your name before I can get you on the schedule.", ""},
    {"Nobody is booked for that hour.", ""},
    {"The earliest appointment I have is Tuesday at nine.", ""},
    {"Your visit has been moved from the 3rd to the 5th.", "moved"},
    {"I've rescheduled you for next Monday.", "moved"},
    {"Okay, I moved it to four o'clock.", "moved"},
    {"Moving it costs nothing.", ""},
    {"It cannot be moved on the same day.", ""},
    {"Your booking's been cancelled and there's no fee.", "cancelled"},
    {"I have gone ahead and cancelled Thursday's visit.", "cancelled"},
    {"You can cancel up to a day before.", ""},
    {"Has it been cancelled already?", ""},
    {"I've sent the confirmation to your phone.", "texted"},
    {"You'll receive a text message in a minute.", "texted"},
    {"We just texted you a link.", "texted"},
    {"Texts cost you nothing.", ""},
    {"I'm not able to send texts to a landline.", ""},
    {"One of our guys will get back to you today.", "callback"},
    {"I'll have the office manager call you first thing tomorrow.", "callback"},
    {"The doctor is going to phone you this evening.", "callback"},
    {"Victor will be in touch by Friday.", "callback"},
    {"We'll give you a ring when he is done.", "callback"},
    {"Somebody's going to get back to you soon.", "callback"},
    {"Does anybody have to call you back?", ""},
    {"You can call back any time.", ""},
    {"I don't know when he will call you.", ""},
    {"I'm connecting you with Sal right now.", "put_through"},
    {"One moment, I will put you through.", "put_through"},
    {"Nobody picked up, so I can't transfer you.", ""},
    {"I have alerted the emergency plumber.", "told"},
    {"I've sent Sal a message about the gas smell.", "told"},
    {"The on-call electrician has been notified.", "told"},
    {"Who should I tell?", ""},
    {"I've created a support ticket for the thermostat.", "ticket"},
    {"Your case number is 1180.", "ticket"},
    {"Is there a ticket number on the mail?", ""},
    {"Your message is saved and Sal gets it tonight.", "message"},
    {"I'll pass your message along.", "message"},
    {"We've got your request.", "message"},
    {"I have noted everything down.", "message"},
    {"I did not catch your message.", ""},
    {"Is there a message you want to leave for Sal?", ""},
    {"The main valve is usually in the basement.", ""},
};

static const struct line spanish[] = {
    {"Su cita est\u00e1 confirmada para el martes a las dos.", "booked"},
    {"Su cita queda agendada para el jueves.", "booked"},
    {"Le he agendado una cita para ma\u00f1ana a las diez.", "booked"},
    {"Le agend\u00e9 la visita para el viernes.", "booked"},
    {"Listo, queda reservado para el lunes a las nueve.", "booked"},
    {"Ya tiene una cita el mi\u00e9rcoles.", "booked"},
    {"Lo esperamos el martes.", "booked"},
    {"Raj pasar\u00e1 ma\u00f1ana entre las ocho y las diez.", "booked"},
    {"Le confirmo que su cita est\u00e1 confirmada para el viernes.", "booked"},
    {"S\u00ed, su cita est\u00e1 confirmada.", "booked"},
    {"Su cita est\u00e1 confirmada, \u00bfalgo m\u00e1s?", "booked"},
    {"Puedo agendarle una cita para el martes.", ""},
    {"\u00bfQuiere que le agende una cita?", ""},
    {"\u00bfLe reservo el martes a las dos?", ""},
    {"\u00bfSu cita est\u00e1 confirmada?", ""},
    {"Su cita todav\u00eda no est\u00e1 confirmada.", ""},
    {"Si le parece bien, su cita queda agendada para el martes.", ""},
    {"Cuando me d\u00e9 su direcci\u00f3n, queda agendada para el martes.", ""},
    {"No he agendado ninguna cita.", ""},
    {"Para agendar una cita necesito su direcci\u00f3n.", ""},
    {"Tenemos libre el martes a las dos.", ""},
    {"Estamos abiertos de lunes a viernes.", ""},
    {"He movido su cita al jueves a las tres.", "moved"},
    {"Su cita ha sido reprogramada para el lunes.", "moved"},
    {"Reprogram\u00e9 su cita para el viernes.", "moved"},
    {"Puedo mover su cita al jueves.", ""},
    {"\u00bfPara qu\u00e9 d\u00eda quiere mover su cita?", ""},
    {"He cancelado su cita.", "cancelled"},
    {"Su cita del martes est\u00e1 cancelada.", "cancelled"},
    {"\u00bfQuiere que cancele su cita?", ""},
    {"No he cancelado su cita.", ""},
    {"Le he enviado un mensaje con la direcci\u00f3n.", "texted"},
    {"Le env\u00edo la confirmaci\u00f3n por mensaje.", "texted"},
    {"Recibir\u00e1 un mensaje de texto en un minuto.", "texted"},
    {"Le acabo de mandar el enlace.", "texted"},
    {"Puedo enviarle un mensaje.", ""},
    {"\u00bfLe mando un mensaje con la direcci\u00f3n?", ""},
    {"No pude enviarle el mensaje.", ""},
    {"Sal le llamar\u00e1 ma\u00f1ana por la ma\u00f1ana.", "callback"},
    {"Le devolveremos la llamada hoy mismo.", "callback"},
    {"Alguien se pondr\u00e1 en contacto con usted.", "callback"},
    {"Sal va a llamarle esta tarde.", "callback"},
    {"Har\u00e9 que Sal le llame hoy.", "callback"},
    {"Cuando Sal termine, le llamar\u00e1.", "callback"},
    {"Sal puede llamarle ma\u00f1ana.", ""},
    {"\u00bfQuiere que Sal le llame?", ""},
    {"Si me deja su n\u00famero, Sal le llamar\u00e1.", ""},
    {"Nadie le llamar\u00e1 hoy.", ""},
    {"Sal no le llamar\u00e1 hoy.", ""},
    {"\u00bfA qu\u00e9 n\u00famero le llamamos?", ""},
    {"Le paso con Sal ahora mismo.", "put_through"},
    {"Lo estoy transfiriendo con el t\u00e9cnico.", "put_through"},
    {"No puedo pasarle con Sal en este momento.", ""},
    {"\u00bfQuiere que le pase con Sal?", ""},
    {"He avisado a Sal.", "told"},
    {"Ya avis\u00e9 al due\u00f1o.", "told"},
    {"El t\u00e9cnico va en camino.", "told"},
    {"\u00bfDebo avisar a Sal?", ""},
    {"No he podido avisar a Sal.", ""},
    {"He abierto un ticket para eso.", "ticket"},
    {"Su n\u00famero de ticket es 42.", "ticket"},
    {"Puedo abrir un ticket.", ""},
    {"He tomado su mensaje.", "message"},
    {"Le pasar\u00e9 el recado a Sal.", "message"},
    {"Me asegurar\u00e9 de que Sal reciba su mensaje.", "message"},
    {"\u00bfQuiere dejar un mensaje?", ""},
    {"Por favor deje su mensaje despu\u00e9s del tono.", ""},
    {"Su cita est\u00e1 confirmada para el martes. Le he enviado un mensaje con los detalles.",
     "booked texted"},
    {"No pude agendar la cita, pero Sal le llamar\u00e1.", "callback"},
    {"Gracias por llamar a Harwick, \u00bfen qu\u00e9 le puedo ayudar?", ""},
    {"Cierre la llave principal del agua.", ""},
    {"La visita cuesta 95 d\u00f3lares.", ""},
};

/* Written after those above stood, without a look at the patterns. */
static const struct line fresh_spanish[] = {
    {"Perfecto, Sra. Alvarez, su visita qued\u00f3 programada para el mi\u00e9rcoles a las tres.",
     "booked"},
    {"La reserva est\u00e1 lista para el lunes.", "booked"},
    {"El t\u00e9cnico llegar\u00e1 el viernes entre la una y las tres.", "booked"},
    {"La cita m\u00e1s pr\u00f3xima que tengo es el martes.", ""},
    {"Ese horario ya est\u00e1 ocupado.", ""},
    {"\u00bfLe gustar\u00eda reservar esa hora?", ""},
    {"Cambi\u00e9 su cita para el pr\u00f3ximo lunes.", "moved"},
    {"Hemos pasado su visita al d\u00eda 14.", "moved"},
    {"Cambiar la cita no cuesta nada.", ""},
    {"Su reserva fue cancelada sin costo.", "cancelled"},
    {"Anul\u00e9 la visita del jueves.", "cancelled"},
    {"Puede cancelar hasta un d\u00eda antes.", ""},
    {"Te mand\u00e9 el enlace por mensaje.", "texted"},
    {"Le llegar\u00e1 un mensaje con la confirmaci\u00f3n.", "texted"},
    {"No enviamos mensajes a tel\u00e9fonos fijos.", ""},
    {"Uno de los muchachos le llamar\u00e1 en una hora.", "callback"},
    {"Nos comunicaremos con usted ma\u00f1ana.", "callback"},
    {"Recibir\u00e1 una llamada de la oficina hoy.", "callback"},
    {"El doctor lo va a llamar esta noche.", "callback"},
    {"Puede volver a llamar cuando guste.", ""},
    {"No s\u00e9 cu\u00e1ndo le llamar\u00e1.", ""},
    {"Un momento, le comunico con el due\u00f1o.", "put_through"},
    {"Nadie contesta, no puedo transferirle.", ""},
    {"Voy a avisar al plomero de guardia.", "told"},
    {"El due\u00f1o ya est\u00e1 enterado.", "told"},
    {"\u00bfA qui\u00e9n debo avisar?", ""},
    {"Cre\u00e9 un reporte para el termostato.", "ticket"},
    {"\u00bfTiene el n\u00famero de ticket?", ""},
    {"Anot\u00e9 su mensaje para Sal.", "message"},
    {"Su solicitud qued\u00f3 registrada.", "message"},
    {"No entend\u00ed su mensaje.", ""},
    {"La llave suele estar en el s\u00f3tano.", ""},
};

static unsigned bits_of(const char *names)
{
    unsigned bits = 0;
    char copy[100];
    snprintf(copy, sizeof copy, "%s", names);
    for (char *save, *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        assert_int_not_equal(desk_claim_parse(w), DESK_CLAIM__MAX);
        bits |= 1u << desk_claim_parse(w);
    }
    return bits;
}

static unsigned found(const char *text)
{
    struct desk_claim c[16];
    unsigned bits = 0;
    size_t n = desk_claims_find(text, c, 16);
    for (size_t i = 0; i < n; i++)
        bits |= 1u << c[i].kind;
    return bits;
}

static const char *names(unsigned bits, char out[200])
{
    out[0] = '\0';
    for (int k = 0; k < DESK_CLAIM__MAX; k++)
        if (bits & 1u << k)
            snprintf(out + strlen(out), 200 - strlen(out), "%s ",
                     desk_claim_name((enum desk_claim_kind)k));
    return out;
}

static void all_right(const struct line *lines, size_t n)
{
    size_t wrong = 0;
    char got[200];
    for (size_t i = 0; i < n; i++)
        if (found(lines[i].text) != bits_of(lines[i].claims)) {
            print_message("\"%s\": %s, not %s\n", lines[i].text, names(found(lines[i].text), got),
                          lines[i].claims);
            wrong++;
        }
    assert_int_equal(wrong, 0);
}

static void known_sentences(void **state)
{
    (void)state;
    assert_true(sizeof known / sizeof *known >= 80);
    all_right(known, sizeof known / sizeof *known);
}

static void spanish_sentences(void **state)
{
    (void)state;
    all_right(spanish, sizeof spanish / sizeof *spanish);
}

static void mostly_right(const char *what, const struct line *lines, size_t n)
{
    int hit = 0, extra = 0, missed = 0;
    char got[200];
    for (size_t i = 0; i < n; i++) {
        unsigned want = bits_of(lines[i].claims), have = found(lines[i].text);
        hit += __builtin_popcount(want & have);
        extra += __builtin_popcount(have & ~want);
        missed += __builtin_popcount(want & ~have);
        if (want != have)
            print_message("\"%s\": %s, not %s\n", lines[i].text, names(have, got), lines[i].claims);
    }
    double precision = (double)hit / (hit + extra), recall = (double)hit / (hit + missed);
    print_message("%s: precision %.3f, recall %.3f\n", what, precision, recall);
    assert_true(precision >= 0.9); /* a false alarm costs the owner's trust */
    assert_true(recall >= 0.8);
}

static void fresh_sentences(void **state)
{
    (void)state;
    mostly_right("fresh sentences", fresh, sizeof fresh / sizeof *fresh);
    mostly_right("fresh Spanish ones", fresh_spanish, sizeof fresh_spanish / sizeof *fresh_spanish);
}

static void a_claim_is_quoted_by_its_sentence(void **state)
{
    (void)state;
    struct desk_claim c[4];
    const char *text = "Thank you, Dr. Cole. You are booked for 9 a.m. on Tuesday! Goodbye.";
    assert_int_equal(desk_claims_find(text, c, 4), 1);
    assert_int_equal(c[0].len, strlen("You are booked for 9 a.m. on Tuesday!"));
    assert_memory_equal(c[0].at, "You are booked for 9 a.m. on Tuesday!", c[0].len);
    assert_int_equal(desk_claims_find(NULL, c, 4), 0);
    assert_int_equal(desk_claims_find("I texted you. I texted you. I texted you.", c, 2), 2);
    char junk[3000];
    for (size_t i = 0; i + 1 < sizeof junk; i++)
        junk[i] = (char)(1 + (i * 89) % 255);
    junk[sizeof junk - 1] = '\0';
    desk_claims_find(junk, c, 4); /* any bytes may come */
}

static void rows_bear_claims_out(void **state)
{
    (void)state;
    const unsigned callback = DESK_PROOF_BIT(DESK_PROOF_CALLBACK),
                   visit = DESK_PROOF_BIT(DESK_PROOF_VISIT);
    assert_true(desk_claim_proved(DESK_CLAIM_CALLBACK, callback));
    assert_false(desk_claim_proved(DESK_CLAIM_BOOKED, callback));
    assert_true(desk_claim_proved(DESK_CLAIM_BOOKED, visit));
    assert_true(desk_claim_proved(DESK_CLAIM_BOOKED, DESK_PROOF_BIT(DESK_PROOF_MOVED)));
    assert_false(desk_claim_proved(DESK_CLAIM_MOVED, visit));
    assert_true(desk_claim_proved(DESK_CLAIM_TOLD, callback));
    for (int k = 0; k < DESK_CLAIM__MAX; k++) {
        assert_false(desk_claim_proved((enum desk_claim_kind)k, 0));
        assert_true(*desk_claim_missing((enum desk_claim_kind)k) != '\0');
        assert_int_equal(desk_claim_parse(desk_claim_name((enum desk_claim_kind)k)), k);
    }
    assert_int_equal(desk_claim_parse("sung"), DESK_CLAIM__MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_sentences),      cmocka_unit_test(spanish_sentences),
        cmocka_unit_test(fresh_sentences),      cmocka_unit_test(a_claim_is_quoted_by_its_sentence),
        cmocka_unit_test(rows_bear_claims_out),
    };
    return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
