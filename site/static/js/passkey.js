// Makes a passkey, or signs with one: the browser asks for finger, face or the telephone's lock; we see a signature.
// Works only where the browser trusts the address (TLS); elsewhere the server does not show the button.

const form = document.querySelector("form[data-passkey]");
const options = JSON.parse(document.getElementById("passkey-options").textContent);

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function known(list) {
  return (list || []).map((each) => Object.assign({}, each, { id: bytes(each.id) }));
}

async function made({ publicKey }) {
  const user = Object.assign({}, publicKey.user, { id: bytes(publicKey.user.id) });
  const asked = { challenge: bytes(publicKey.challenge), user, excludeCredentials: known(publicKey.excludeCredentials) };
  return navigator.credentials.create({ publicKey: Object.assign({}, publicKey, asked) });
}

async function signed({ publicKey }) {
  const asked = { challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) };
  return navigator.credentials.get({ publicKey: Object.assign({}, publicKey, asked) });
}

function letter(credential) {
  const { id, type, response } = credential, said = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) said[name] = text(response[name]);
  }
  const results = credential.getClientExtensionResults();
  return JSON.stringify({ id, type, rawId: text(credential.rawId), response: said, clientExtensionResults: results });
}

async function ask() {
  const trouble = form.querySelector("[data-trouble]");
  trouble.hidden = true;
  try {
    const credential = await (options.creation_options ? made(options.creation_options) : signed(options.request_options));
    form.elements.credential.value = letter(credential);
    form.submit();
  } catch (refused) {
    trouble.hidden = false;
  }
}

if (window.PublicKeyCredential) {
  const button = form.querySelector("[data-ask]");
  button.hidden = false;
  button.addEventListener("click", ask);
  form.querySelector("[data-unable]").hidden = true;
}
