import { type ErrorKind, kind } from './kind.ts';

/** What keeps a check from being run: its files, its provider, an address that does not answer. */
export const checkErrors = {
  TESTS_INVALID: kind(
    2,
    'The tests in {path} are not valid: {count} found.',
    'Correct {first}; docs/testing.md lists the assertions.',
  ),
  SNAPSHOTS_INVALID: kind(
    2,
    '{path} is not a file of snapshots.',
    'Remove it, and accept the texts again: promptv test --update',
  ),
  NO_TESTS: kind(
    2,
    '{names} has no tests.',
    'Write some under "tests" in its document, or in {path}; docs/testing.md shows how.',
  ),
  TESTS_NOT_RUN: kind(
    1,
    'No test could be run to its end; the first: {first}',
    'Correct that and run the same command again; --provider none tests the rendering alone.',
  ),
  PROVIDER_NOT_FOUND: kind(
    2,
    'There is no provider named {name}.{suggestion}',
    'Declare it under "test.providers" in the configuration, or take --provider none.',
  ),
  PROVIDER_FAILED: kind(
    1,
    'The provider {name} failed: {reason}.',
    'Correct it under "test.providers"; "promptv config show" prints what is in force.',
  ),
  KEY_MISSING: kind(
    1,
    'The provider {name} needs a key in the environment variable {variable}, which {reason}.',
    'Set it, or answer from recordings: --provider NAME with a provider of the type "replay".',
  ),
  RECORDING_MISSING: kind(
    1,
    'There is no recorded answer to this request: {place}/{file}.',
    'Record it where the provider can be reached: promptv test --provider NAME --record {place}',
  ),
  RECORDING_INVALID: kind(
    1,
    'The recording {place}/{file} cannot be read.',
    'Remove it, and record the answer again: promptv test --provider NAME --record {place}',
  ),
  CALL_FAILED: kind(
    1,
    'The call to {address} failed: {reason}.',
    'Check the address, the key and the network, then run the same command again.',
  ),
  CIRCUIT_OPEN: kind(
    1,
    '{address} is not asked any more: {failures} calls in a row failed, the last: {reason}.',
    'Run the same command again in {seconds} s; "network.breaker" sets the limits.',
  ),
} satisfies Record<string, ErrorKind>;
