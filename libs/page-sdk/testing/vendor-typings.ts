import type { CobrowseIO as Vendor } from 'cobrowse-sdk-js';
import type { CobrowseEndedReason, CobrowseState } from '#libs/dialects';
import type { CobrowseIO, CobrowseIOSession } from '../src/dialects/cobrowseio-types.ts';

type VendorSession = Awaited<ReturnType<Vendor['createSession']>>;

/** Code of a page that was written against the vendor's published typings is right about our object, too. Compiles only while it is. */
export const asTheVendorsObject = (ours: CobrowseIO): Vendor => ours;

export const asTheVendorsSession = (ours: CobrowseIOSession): VendorSession => ours;

/** The words are the same, and no others. */
export const sameWords: [
  Same<CobrowseState, ReturnType<VendorSession['state']>>,
  Same<CobrowseEndedReason | undefined, ReturnType<VendorSession['endedReason']>>,
] = [true, true];

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;

// The same checks where they have to fail: a method that is missing, one that gives something else, a word of our own.
// @ts-expect-error
export const withoutCodes = (ours: Omit<CobrowseIO, 'createSessionCode'>): Vendor => ours;
// @ts-expect-error
export const withoutAgent = (ours: Omit<CobrowseIOSession, 'agent'>): VendorSession => ours;
// @ts-expect-error
export const withAnotherCode = (ours: Omit<CobrowseIOSession, 'code'> & { code(): number }): VendorSession => ours;
// @ts-expect-error
export const anotherWord: Same<CobrowseEndedReason | 'declined', ReturnType<VendorSession['endedReason']>> = true;
