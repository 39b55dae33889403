#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include "report_validate.h"
#include "sanitise.h"

struct complaint {
	struct err *err;
	const char *path;
	int seen;
};

/* Keep the first complaint: the others follow from it. */
static void
complain(struct complaint *c, const xmlError *error)
{
	char clean[ERR_TEXT_MAX - 100];
	size_t n;

	if (c->seen++ != 0 || error == NULL)
		return;
	n = sanitise_copy(clean, sizeof(clean), span_str(error->message != NULL ? error->message : "not valid"));
	if (n >= 2 && clean[n - 1] == 'n' && clean[n - 2] == '\\')
		clean[n - 2] = '\0';
	err_set(c->err, EXIT_INTERNAL, "%s:%d: %s", c->path, error->line, clean);
}

#if LIBXML_VERSION >= 21200
static void
on_error(void *data, const xmlError *error)
#else
static void
on_error(void *data, xmlErrorPtr error)
#endif
{
	complain(data, error);
}

static int
validate(xmlDocPtr doc, xmlSchemaPtr schema, struct complaint *c)
{
	xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(schema);
	int result = -1;

	if (valid == NULL)
		return err_set(c->err, EXIT_INTERNAL, "%s: no memory to validate it", c->path);
	xmlSchemaSetValidStructuredErrors(valid, on_error, c);
	result = xmlSchemaValidateDoc(valid, doc);
	xmlSchemaFreeValidCtxt(valid);
	if (result != 0 && c->seen == 0)
		err_set(c->err, EXIT_INTERNAL, "%s: not valid", c->path);
	return result == 0 ? 0 : -1;
}

int
report_validate(const char *xml_path, const char *schema_path, struct err *e)
{
	struct complaint of_schema = { e, schema_path, 0 }, of_xml = { e, xml_path, 0 };
	xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(schema_path);
	xmlSchemaPtr schema = NULL;
	xmlDocPtr doc = NULL;
	int result = -1;

	if (parser != NULL) {
		xmlSchemaSetParserStructuredErrors(parser, on_error, &of_schema);
		schema = xmlSchemaParse(parser);
		xmlSchemaFreeParserCtxt(parser);
	}
	if (schema == NULL) {
		if (of_schema.seen == 0)
			err_set(e, EXIT_RIG, "%s: not a schema that can be read", schema_path);
		return -1;
	}
	doc = xmlReadFile(xml_path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
	if (doc == NULL)
		complain(&of_xml, xmlGetLastError());
	else
		result = validate(doc, schema, &of_xml);
	xmlFreeDoc(doc);
	xmlSchemaFree(schema);
	return result;
}
