/** Quay's names, with capital letters: it never makes such an organization, but old clients may name one. */
export const ORGANIZATION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;

/** What Quay takes as the name of an application repository. */
export const REPOSITORY = /^[a-z0-9][a-z0-9._-]{0,254}$/;
