/** What to do about a finding of operator-courier's, by its text. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /^(csv|crd) (metadata|apiVersion|spec) not defined\.$/,
    "Add the field; without it the object is none of its kind.",
  ],
  [
    / metadata\.name not defined\.$/,
    "Add metadata.name, like etcdoperator.v0.9.4 or etcds.database.example.com.",
  ],
  [/metadata\.annotations not defined\.$/, "Add metadata.annotations; catalogs show the operator by them."],
  [/metadata\.annotations\.certified not defined\.$/, 'Add certified: "false" (or "true"), in quotes.'],
  [/metadata\.annotations\.\S+ not defined$/, "Add the annotation; catalogs show it."],
  [
    /certified is not of typestring$/,
    'Write certified: "false" or "true" in quotes: without them it is no text.',
  ],
  [
    /alm-examples contains invalid json string$/,
    "Make alm-examples a text (|-) of valid JSON: a list of example resources.",
  ],
  [
    /^csv spec\.(displayName|description|icon|version|provider|maturity) not defined$/,
    "Add the field; catalogs show it.",
  ],
  [/^csv spec\.installModes not defined$/, "Add spec.installModes: a list of {type, supported}."],
  [/^csv spec\.install not defined$/, "Add spec.install with strategy: deployment and spec.deployments."],
  [/install\.strategy not defined$/, "Add strategy: deployment."],
  [/install\.strategy must be one of/, "Write strategy: deployment; no other is known."],
  [/install\.spec not defined$/, "Add spec.install.spec with a list deployments."],
  [/install\.spec\.deployments not defined$/, "Add spec.install.spec.deployments: a list of {name, spec}."],
  [/install\.spec\.\S+ should be a list$/, "Make it a list: each item begins with '- '."],
  [
    /^(name|kind|version) not defined for item in spec\.customresourcedefinitions\.$/,
    "Give each owned resource name, kind and version.",
  ],
  [
    /referenced in csv not defined in root list of crds$/,
    "Add the CRD's file beside the CSV, or take the resource out of owned.",
  ],
  [
    /does not match CSV\.spec\.crd\.owned\.kind$/,
    "Write the same kind in the CSV's owned resource and in the CRD's spec.names.kind.",
  ],
  [/is not in CRD\.spec\.versions list$/, "Name a version in owned that the CRD's spec.versions has."],
  [/does not match CSV\.spec\.crd\.owned\.version$/, "Name the CRD's spec.version in owned."],
  [
    /does not match CSV\.spec\.crd\.owned\.name$/,
    "The name in owned is the CRD's <plural>.<group>; correct the one that is wrong.",
  ],
  [/^crd spec\.names(\.\S+)? not defined\.$/, "Add spec.names with kind and plural."],
  [/^crd spec\.group not defined\.$/, "Add spec.group, like database.example.com."],
  [
    /^crd spec\.version or spec\.versions not defined\.$/,
    "Add spec.versions: a list of {name, served, storage}.",
  ],
  [
    /^crd spec\.versions is empty\.$/,
    "List at least one version, or leave spec.versions out and write spec.version.",
  ],
  [/contains an invalid CustomResourceDefinitionVersion\.$/, "Give each version name, served and storage."],
  [
    /exactly one version flagged as storage version\.$/,
    "Write storage: true (no quotes) in exactly one version.",
  ],
  [
    /spec\.versions\[0\]\.name doesn't match spec\.version\.$/,
    "Make spec.version a text, and the name of the first of spec.versions.",
  ],
  [/^package channels not defined\.$/, "Add channels: a list of {name, currentCSV}."],
  [/^no package channels defined\.$/, "List at least one channel: {name, currentCSV}."],
  [/^package channel\.\S+ not defined\.$/, "Give each channel a name and the currentCSV."],
  [/is not included in list of csvs$/, "Name the metadata.name of a CSV of this package."],
  [
    /does not match repository name/,
    "Push to the repository that the packageName names, or rename the package.",
  ],
];

/** The hint for a finding, undefined where its text says it all. */
export function hintFor(message: string): string | undefined {
  return HINTS.find(([text]) => text.test(message))?.[1];
}
