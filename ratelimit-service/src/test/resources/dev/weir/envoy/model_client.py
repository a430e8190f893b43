"""Asks a model through the real client of OpenAI or Anthropic, and prints as JSON what the client's caller meets.

Arguments: openai|anthropic, URL, KEY, TIMES, MAX_RETRIES, MAX_TOKENS. Asks TIMES times, or until the client has waited for a retry.
"""

import json
import sys
import time


def main():
    provider, url, key, times, max_retries, max_tokens = sys.argv[1:]
    told, waits, answers = [], [], []
    record_sleep(waits)

    def client_of(module, kind):
        hooks = {"response": [lambda response: told.append(response.headers.get("retry-after-ms"))]}
        return kind(base_url=url, api_key=key, max_retries=int(max_retries), timeout=30,
                    http_client=module.DefaultHttpxClient(event_hooks=hooks))

    asked = {"model": "demo-model", "max_tokens": int(max_tokens), "messages": [{"role": "user", "content": "Hi"}]}
    if provider == "openai":
        import openai as module
        client = client_of(module, module.OpenAI)
        ask = lambda: client.chat.completions.create(**asked).choices[0].message.content
    else:
        import anthropic as module
        client = client_of(module, module.Anthropic)
        ask = lambda: client.messages.create(**asked).content[0].text
    error = None
    try:
        while len(answers) < int(times) and not waits:
            answers.append(ask())
    except module.APIStatusError as refused:
        error = {"kind": type(refused).__name__, "status": refused.status_code, "words": str(refused),
                 "message": refused.message, "code": getattr(refused, "code", None), "type": getattr(refused, "type", None),
                 "param": getattr(refused, "param", None), "body": refused.body, "headers": dict(refused.response.headers)}
    print(json.dumps({"answers": answers, "told": [text for text in told if text], "waits": waits, "error": error}))


def record_sleep(waits):
    """The client tells nobody how long it waits before a retry, but it sleeps."""
    sleep = time.sleep

    def recorded(seconds):
        waits.append(seconds)
        sleep(seconds)

    time.sleep = recorded


if __name__ == "__main__":
    main()
