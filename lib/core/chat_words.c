#include "core/chat_words.h"

#include <string.h>
#include <strings.h>

/* "{name}" is the business. Offers (message, person) are shown as buttons, and sent as if they had
 * been written. */
const struct desk_chat_word desk_chat_words[] = {
    {"greeting", "Hello! I am the automated assistant of {name}. How can I help you?",
     "¡Hola! Soy el asistente automático de {name}. ¿En qué puedo ayudarle?"},
    {"assistant", "Automated assistant", "Asistente automático"},
    {"kept", "What you write is kept, and read by {name}.",
     "{name} guarda y lee lo que usted escribe."},
    {"open", "Chat with us", "Chatee con nosotros"},
    {"close", "Close the chat", "Cerrar el chat"},
    {"log", "Conversation", "Conversación"},
    {"label", "Your message", "Su mensaje"},
    {"send", "Send", "Enviar"},
    {"you", "You", "Usted"},
    {"writing", "Writing…", "Escribiendo…"},
    {"message", "Leave a message", "Dejar un mensaje"},
    {"person", "Talk to a person", "Hablar con una persona"},
    {"unreachable", "The chat cannot be reached just now.",
     "En este momento no hay conexión con el chat."},
    {"call", "Call us:", "Llámenos:"},
    {"again", "Try again", "Intentar de nuevo"},
    {"slow", "That was a lot at once. Please wait a moment.",
     "Fue mucho de una vez. Espere un momento, por favor."},
    {"over", "This chat is over. Write to begin a new one.",
     "Este chat ha terminado. Escriba para empezar otro."},
    {"end", "End the chat", "Terminar el chat"},
    {NULL, NULL, NULL},
};

static const char *filled(struct desk_arena *a, const char *text, const char *business)
{
    const char *mark = strstr(text, "{name}");
    return mark ? desk_arena_fmt(a, "%.*s%s%s", (int)(mark - text), text, business, mark + 6)
                : desk_arena_strdup(a, text);
}

const char *desk_chat_say(struct desk_arena *a, const char *language, const char *name,
                          const char *business)
{
    for (const struct desk_chat_word *w = desk_chat_words; w->name; w++)
        if (strcmp(w->name, name) == 0)
            return filled(a, strncasecmp(language, "es", 2) == 0 ? w->es : w->en, business);
    return NULL;
}
