import json, re, sys

bundle = json.load(open(sys.argv[1], encoding="utf-8"))

def get(name, environment, variables):
    runs = bundle["environments"][environment][name]
    document = bundle["prompts"][name][runs["version"]]["document"]
    fill = lambda text: re.sub(r"{{\s*(\w+)\s*}}", lambda match: str(variables[match[1]]), text)
    return {"prompt": name, **runs, "messages": [{**m, "content": fill(m["content"])} for m in document["messages"]]}

print(json.dumps(get("extraction/invoice", sys.argv[2], {"invoiceText": "Invoice 7: 12 EUR", "locale": "de-DE"})))
