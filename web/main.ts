import { type Caller, push, Refusal, type Subject, type Validation, validate } from "./api.ts";
import { byId, data, element } from "./element.ts";
import { result, verdict } from "./result.ts";

const form = byId("ask", HTMLFormElement);
const organization = byId("organization", HTMLInputElement);
const token = byId("token", HTMLInputElement);
const chosen = byId("file", HTMLInputElement);
const nvr = byId("nvr", HTMLInputElement);
const drop = byId("drop", HTMLElement);
const told = byId("verdict", HTMLElement);
const shown = byId("result", HTMLElement);

/** What was dropped or chosen last. */
let dropped: File | undefined;
/** Ends the look before when a new one begins, so that its answer is not shown. */
let looking = new AbortController();

async function look(): Promise<void> {
  looking.abort();
  looking = new AbortController();
  const { signal } = looking;
  shown.replaceChildren();
  told.replaceChildren();
  const subject = subjectOf();
  if (!subject) return say(verdict(false, "Nothing to look at", "Drop a zip, or write a build's N-V-R."));
  const caller: Caller = { organization: organization.value.trim(), token: token.value.trim() };
  if (caller.organization === "") {
    organization.focus();
    return say(verdict(false, "Which organization?", "Write its name, and press Look."));
  }
  say(element("div", {}, "Looking …"));
  try {
    const validation = await validate(caller, subject, signal);
    if (!signal.aborted) show(validation, caller, subject);
  } catch (error) {
    if (!signal.aborted) say(refused(error));
  }
}

function subjectOf(): Subject | undefined {
  const build = nvr.value.trim();
  if (build !== "") return { nvr: build };
  return dropped && { file: dropped };
}

function say(what: HTMLElement): void {
  told.replaceChildren(what);
  told.scrollIntoView({ block: "nearest" });
}

function refused(error: unknown): HTMLElement {
  if (error instanceof Refusal) return verdict(false, error.title, data(error.message));
  return verdict(false, "Failure", "The answer cannot be shown. Reload the page, it may be an old one.");
}

function show(validation: Validation, caller: Caller, subject: Subject): void {
  const { valid, message, package: name } = validation;
  const what = "file" in subject ? subject.file.name : subject.nvr;
  const about = name === null ? data(what) : [data(name), " in ", data(what)];
  say(verdict(valid, valid ? "Valid" : "Not valid", about, message !== undefined && ["\n", data(message)]));
  if (valid) shown.append(pushPart(caller, subject));
  const parts = element("div", {}, result(validation));
  shown.append(parts);
}

/**
 * Offers to push what was looked at. What has no answer yet is sent again with the same key, so that a second press makes
 * no second release.
 */
function pushPart({ organization }: Caller, subject: Subject): HTMLElement {
  let key = newKey();
  const button = element("button", { type: "button", id: "push" }, "Push");
  const state = element("div", { class: "verdict", role: "status", "aria-live": "polite", id: "pushed" });
  const pushIt = async () => {
    const caller = { organization, token: token.value.trim() };
    if (caller.token === "") {
      token.focus();
      return state.replaceChildren(verdict(false, "A push needs a token", "Write it above, and push again."));
    }
    button.disabled = true;
    state.replaceChildren(element("div", {}, "Pushing …"));
    const tell = (text: string) => state.replaceChildren(element("div", {}, `Pushing: ${text} …`));
    try {
      const { repo, version } = await push(caller, subject, key, tell);
      state.replaceChildren(
        verdict(true, "Pushed", data(organization), "/", data(repo), " is released as ", data(version), "."),
      );
      button.remove();
    } catch (error) {
      if (error instanceof Refusal && error.isEnd) key = newKey();
      state.replaceChildren(refused(error));
      button.disabled = false;
    }
  };
  button.addEventListener("click", () => void pushIt());
  return element("div", { class: "push" }, button, " ", "to ", data(organization), state);
}

/** Not by randomUUID, which only pages that come by HTTPS have. */
function newKey(): string {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void look();
});

chosen.addEventListener("change", () => {
  const file = chosen.files?.[0];
  if (file) take(file);
});

for (const name of ["dragover", "dragenter"])
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) drop.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const file = event.dataTransfer?.files[0];
  if (file) take(file);
});

function take(file: File): void {
  dropped = file;
  nvr.value = "";
  void look();
}
