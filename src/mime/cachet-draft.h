#pragma once

#include "cachet-address.h"
#include "cachet-mime-message.h"

G_BEGIN_DECLS

/**
 * CachetDraftAttachment: @bytes is what is attached; @name a safe base name; @content_type never
 * NULL. A message/rfc822 attachment is carried as it is. @raw: (nullable): a forwarded part as it
 * came, header and body, which is sent unchanged where it is fit for that.
 */
typedef struct
{
  char *name;
  char *content_type;
  GBytes *bytes;
  GBytes *raw;
} CachetDraftAttachment;

/* What a message to be built may come to, and how long that may take. */
#define CACHET_DRAFT_MAX_BYTES (256 * 1024 * 1024)
#define CACHET_DRAFT_BUILD_SECONDS 60

/**
 * CachetDraft:
 *
 * A message being written: plain values. Mutable on the main thread; cachet_draft_copy() is handed
 * to the worker.
 */
#define CACHET_TYPE_DRAFT (cachet_draft_get_type ())
G_DECLARE_FINAL_TYPE (CachetDraft, cachet_draft, CACHET, DRAFT, GObject)

CachetDraft *cachet_draft_new (void);
CachetDraft *cachet_draft_copy (CachetDraft *self);
const CachetAddress *cachet_draft_get_from (CachetDraft *self); /* (nullable) */
void cachet_draft_set_from (CachetDraft *self, const CachetAddress *from);
/* @field: TO, CC or BCC. (element-type CachetAddress), never NULL */
GPtrArray *cachet_draft_get_recipients (CachetDraft *self, CachetMimeAddressField field);
/* Parses what a person typed ("Bob <b@x>, c@y"; names may hold commas in quotes). FALSE and @error
 * naming the part that is no address; the draft then keeps what it had. */
gboolean cachet_draft_set_recipients_text (CachetDraft *self,
                                           CachetMimeAddressField field,
                                           const char *text,
                                           GError **error);
char *cachet_draft_dup_recipients_text (CachetDraft *self, CachetMimeAddressField field);
const char *cachet_draft_get_subject (CachetDraft *self);
void cachet_draft_set_subject (CachetDraft *self, const char *subject);
const char *cachet_draft_get_text (CachetDraft *self);
void cachet_draft_set_text (CachetDraft *self, const char *text);
/* (element-type CachetDraftAttachment) */
GPtrArray *cachet_draft_get_attachments (CachetDraft *self);
void cachet_draft_add_attachment (CachetDraft *self,
                                  const char *name,
                                  const char *content_type,
                                  GBytes *bytes);
/* The same for a part of @message, whose bytes are sent as they came. FALSE and @error when the
 * part can't be decoded. */
gboolean cachet_draft_add_part (CachetDraft *self,
                                CachetMimeMessage *message,
                                const CachetMimePart *part,
                                GError **error);
void cachet_draft_remove_attachment (CachetDraft *self, guint index);
/* Without <>. Made once, with the domain of From; the same for every save and the sending of this
 * draft. */
const char *cachet_draft_get_message_id (CachetDraft *self);
/* (nullable), without <> / space separated without <> */
void
cachet_draft_set_threading (CachetDraft *self, const char *in_reply_to, const char *references);
const char *cachet_draft_get_in_reply_to (CachetDraft *self);
const char *cachet_draft_get_references (CachetDraft *self);

typedef enum {
  CACHET_REPLY_SENDER,
  CACHET_REPLY_ALL,
  CACHET_FORWARD_INLINE,
  CACHET_FORWARD_ATTACHMENT,
} CachetReplyMode;

/* A draft that answers or forwards @message: recipients (Reply-To, without @own addresses for
 * "all"), subject with one "Re: "/"Fwd: ", In-Reply-To and References (RFC 5322 §3.6.4), the quoted
 * text with an attribution line, for a forward the attachments (raw parts, not re-serialised).
 * @own: (element-type CachetAddress): the user's addresses */
CachetDraft *cachet_draft_new_reply (CachetMimeMessage *message,
                                     CachetReplyMode mode,
                                     GPtrArray *own,
                                     GError **error);
/* RFC 6068: to, cc, bcc, subject, body, in-reply-to only. @ignored: (out) NULL-terminated names of
 * other fields, such as "attach", which are never obeyed. */
CachetDraft *cachet_draft_new_from_mailto (const char *uri, char ***ignored, GError **error);
/* A draft from a stored draft message (to go on writing). Keeps its Message-ID. */
CachetDraft *cachet_draft_new_from_message (CachetMimeMessage *message, GError **error);

typedef enum {
  CACHET_DRAFT_BUILD_SEND,  /* Bcc is left out, recipients must be sendable */
  CACHET_DRAFT_BUILD_STORE, /* for Drafts: Bcc kept, anything goes */
} CachetDraftBuildMode;

/* RFC 5322 bytes with CRLF: Date now, Message-ID, MIME-Version, User-Agent, text/plain UTF-8
 * format=flowed (7bit or quoted-printable), multipart/mixed with attachments (base64). Lines ≤ 998
 * bytes. Worker thread; bounded by a deadline. */
GBytes *cachet_draft_build (CachetDraft *self, CachetDraftBuildMode mode, GError **error);
/* The envelope: addr-specs of To, Cc and Bcc, without doubles. NULL and @error when there is none
 * or one can't be sent to. */
char **cachet_draft_dup_envelope (CachetDraft *self, GError **error);

G_END_DECLS
