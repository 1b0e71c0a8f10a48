/** The words in which databases differ; all other SQL is the same everywhere. */
export interface SchemaWords {
  /** A generated key that is never given out twice. */
  readonly rowId: string;
  readonly integer: string;
  /** Text that is compared by its bytes. */
  readonly text: string;
  readonly bytes: string;
  /** After a table whose rows are reached by a generated key. */
  readonly table: string;
  /** After a table whose rows lie in the order of their primary key. */
  readonly clustered: string;
}

export interface Migration {
  readonly version: number;
  readonly statements: (words: SchemaWords) => readonly string[];
}

/**
 * What is counted is kept in columns (`repository_count`, `image_count`, `tag_count`, `uses`, `links`, `total`), so that no answer
 * depends on how much is stored. Manifests have a table of their own: lists of images stay dense.
 *
 * `repository_blob.uses` counts the places in which images of the repository name the blob; `blob.links` counts the
 * repositories that see it. Both are what the collector's indexes select by.
 */
const first: Migration = {
  version: 1,
  statements: ({ rowId, integer, text, bytes, table, clustered }) => [
    `CREATE TABLE account (
      id ${text} PRIMARY KEY,
      created_at ${integer} NOT NULL
    )${clustered}`,
    `CREATE TABLE access_key (
      access_key_id ${text} PRIMARY KEY,
      account_id ${text} NOT NULL REFERENCES account (id),
      principal_arn ${text} NOT NULL,
      status ${text} NOT NULL,
      created_at ${integer} NOT NULL,
      sealed_secret ${bytes} NOT NULL
    )${clustered}`,
    `CREATE INDEX access_key_principal ON access_key (principal_arn, created_at, access_key_id)`,
    `CREATE INDEX access_key_account ON access_key (account_id)`,
    `CREATE TABLE setting (
      registry_id ${text} NOT NULL,
      region ${text} NOT NULL,
      name ${text} NOT NULL,
      value ${text} NOT NULL,
      PRIMARY KEY (registry_id, region, name)
    )${clustered}`,
    `CREATE TABLE registry (
      registry_id ${text} NOT NULL,
      region ${text} NOT NULL,
      repository_count ${integer} NOT NULL,
      PRIMARY KEY (registry_id, region)
    )${clustered}`,
    `CREATE TABLE total (
      id ${integer} PRIMARY KEY,
      image_count ${integer} NOT NULL,
      blob_count ${integer} NOT NULL,
      blob_bytes ${integer} NOT NULL
    )${table}`,
    `INSERT INTO total (id, image_count, blob_count, blob_bytes) VALUES (1, 0, 0, 0)`,
    `CREATE TABLE repository (
      id ${rowId},
      registry_id ${text} NOT NULL,
      region ${text} NOT NULL,
      name ${text} NOT NULL,
      created_at ${integer} NOT NULL,
      tag_mutability ${text} NOT NULL,
      scan_on_push ${integer} NOT NULL,
      encryption_type ${text} NOT NULL,
      kms_key ${text},
      image_count ${integer} NOT NULL,
      exclusion_filters ${text} NOT NULL,
      UNIQUE (registry_id, region, name)
    )${table}`,
    `CREATE TABLE resource_tag (
      repository_id ${integer} NOT NULL REFERENCES repository (id),
      key ${text} NOT NULL,
      value ${text} NOT NULL,
      PRIMARY KEY (repository_id, key)
    )${clustered}`,
    ...imageTables({ rowId, integer, text, bytes, table, clustered }),
    ...blobTables({ rowId, integer, text, bytes, table, clustered }),
  ],
};

function imageTables({ rowId, integer, text, bytes, table, clustered }: SchemaWords): readonly string[] {
  return [
    `CREATE TABLE image (
      id ${rowId},
      repository_id ${integer} NOT NULL REFERENCES repository (id),
      digest ${text} NOT NULL,
      kind ${text} NOT NULL,
      media_type ${text} NOT NULL,
      config_media_type ${text},
      artifact_type ${text},
      subject ${text},
      size_bytes ${integer} NOT NULL,
      manifest_bytes ${integer} NOT NULL,
      status ${text} NOT NULL,
      pushed_at ${integer} NOT NULL,
      last_pulled_at ${integer},
      tagged ${integer} NOT NULL,
      tag_count ${integer} NOT NULL,
      annotations ${text},
      UNIQUE (repository_id, digest)
    )${table}`,
    `CREATE UNIQUE INDEX image_order ON image (repository_id, id)`,
    `CREATE INDEX image_tagged ON image (repository_id, tagged, id)`,
    `CREATE INDEX image_status ON image (repository_id, status, id)`,
    `CREATE INDEX image_tagged_status ON image (repository_id, tagged, status, id)`,
    `CREATE INDEX image_subject ON image (repository_id, subject, id) WHERE subject IS NOT NULL`,
    `CREATE TABLE manifest (
      image_id ${integer} PRIMARY KEY REFERENCES image (id),
      payload ${bytes} NOT NULL
    )${table}`,
    `CREATE TABLE tag (
      repository_id ${integer} NOT NULL,
      tag ${text} NOT NULL,
      image_id ${integer} NOT NULL,
      PRIMARY KEY (repository_id, tag),
      FOREIGN KEY (repository_id, image_id) REFERENCES image (repository_id, id)
    )${clustered}`,
    `CREATE INDEX tag_image ON tag (image_id, tag)`,
    `CREATE TABLE image_blob (
      image_id ${integer} NOT NULL REFERENCES image (id),
      position ${integer} NOT NULL,
      repository_id ${integer} NOT NULL,
      digest ${text} NOT NULL,
      role ${text} NOT NULL,
      media_type ${text} NOT NULL,
      size_bytes ${integer} NOT NULL,
      PRIMARY KEY (image_id, position)
    )${clustered}`,
    `CREATE INDEX image_blob_digest ON image_blob (repository_id, digest, image_id)`,
    `CREATE TABLE image_child (
      image_id ${integer} NOT NULL REFERENCES image (id),
      position ${integer} NOT NULL,
      repository_id ${integer} NOT NULL,
      child ${text} NOT NULL,
      PRIMARY KEY (image_id, position)
    )${clustered}`,
    `CREATE INDEX image_child_digest ON image_child (repository_id, child, image_id)`,
  ];
}

function blobTables({ rowId, integer, text, table, clustered }: SchemaWords): readonly string[] {
  return [
    `CREATE TABLE blob (
      id ${rowId},
      digest ${text} NOT NULL,
      key_scope ${text} NOT NULL,
      size_bytes ${integer} NOT NULL,
      location ${text} NOT NULL,
      state ${text} NOT NULL,
      links ${integer} NOT NULL,
      UNIQUE (digest, key_scope)
    )${table}`,
    `CREATE INDEX blob_unlinked ON blob (state, id) WHERE links = 0`,
    `CREATE TABLE repository_blob (
      repository_id ${integer} NOT NULL REFERENCES repository (id),
      digest ${text} NOT NULL,
      blob_id ${integer} NOT NULL REFERENCES blob (id),
      held_until ${integer} NOT NULL,
      uses ${integer} NOT NULL,
      PRIMARY KEY (repository_id, digest)
    )${clustered}`,
    `CREATE INDEX repository_blob_blob ON repository_blob (blob_id)`,
    `CREATE INDEX repository_blob_unused ON repository_blob (held_until) WHERE uses = 0`,
    `CREATE TABLE upload (
      id ${text} PRIMARY KEY,
      repository_id ${integer} NOT NULL REFERENCES repository (id),
      principal ${text} NOT NULL,
      received_bytes ${integer} NOT NULL,
      part_count ${integer} NOT NULL,
      last_part_bytes ${integer} NOT NULL,
      has_small_part ${integer} NOT NULL,
      started_at ${integer} NOT NULL,
      expires_at ${integer} NOT NULL,
      lease_owner ${text},
      lease_until ${integer}
    )${clustered}`,
    `CREATE INDEX upload_repository ON upload (repository_id)`,
    `CREATE INDEX upload_expiry ON upload (expires_at)`,
  ];
}

/**
 * Identities and what they may do. `name_key` is the name in lower case: names differ by more than case. A policy attachment may name
 * a policy of AWS's, which has no row. The one row of `access_version` moves on with every change that may change a decision.
 */
const second: Migration = {
  version: 2,
  statements: (words) => [...identityTables(words), ...accessTables(words)],
};

function identityTables({ integer, text, clustered }: SchemaWords): readonly string[] {
  return [
    `CREATE TABLE identity (
      arn ${text} PRIMARY KEY,
      account_id ${text} NOT NULL REFERENCES account (id),
      kind ${text} NOT NULL,
      name ${text} NOT NULL,
      name_key ${text} NOT NULL,
      path ${text} NOT NULL,
      unique_id ${text} NOT NULL UNIQUE,
      created_at ${integer} NOT NULL,
      tags ${text} NOT NULL,
      boundary_arn ${text},
      trust_policy ${text},
      max_session_seconds ${integer},
      UNIQUE (account_id, kind, name_key)
    )${clustered}`,
    `CREATE INDEX identity_name ON identity (account_id, kind, name)`,
    `CREATE INDEX identity_boundary ON identity (boundary_arn, arn) WHERE boundary_arn IS NOT NULL`,
    `CREATE TABLE identity_policy (
      identity_arn ${text} NOT NULL REFERENCES identity (arn),
      name ${text} NOT NULL,
      text ${text} NOT NULL,
      PRIMARY KEY (identity_arn, name)
    )${clustered}`,
    `CREATE TABLE managed_policy (
      arn ${text} PRIMARY KEY,
      account_id ${text} NOT NULL REFERENCES account (id),
      name ${text} NOT NULL,
      name_key ${text} NOT NULL,
      path ${text} NOT NULL,
      text ${text} NOT NULL,
      created_at ${integer} NOT NULL,
      updated_at ${integer} NOT NULL,
      UNIQUE (account_id, name_key)
    )${clustered}`,
    `CREATE INDEX managed_policy_name ON managed_policy (account_id, name)`,
    `CREATE TABLE policy_attachment (
      identity_arn ${text} NOT NULL REFERENCES identity (arn),
      policy_arn ${text} NOT NULL,
      PRIMARY KEY (identity_arn, policy_arn)
    )${clustered}`,
    `CREATE INDEX policy_attachment_policy ON policy_attachment (policy_arn, identity_arn)`,
    `CREATE TABLE group_member (
      group_arn ${text} NOT NULL REFERENCES identity (arn),
      user_arn ${text} NOT NULL REFERENCES identity (arn),
      PRIMARY KEY (group_arn, user_arn)
    )${clustered}`,
    `CREATE INDEX group_member_user ON group_member (user_arn, group_arn)`,
  ];
}

function accessTables({ integer, text, bytes, table, clustered }: SchemaWords): readonly string[] {
  return [
    `CREATE TABLE session (
      access_key_id ${text} PRIMARY KEY,
      account_id ${text} NOT NULL REFERENCES account (id),
      sealed_secret ${bytes} NOT NULL,
      token_hash ${text} NOT NULL,
      principal_arn ${text} NOT NULL,
      identity_arn ${text} NOT NULL,
      user_id ${text} NOT NULL,
      policies ${text} NOT NULL,
      policy_arns ${text} NOT NULL,
      tags ${text} NOT NULL,
      created_at ${integer} NOT NULL,
      expires_at ${integer} NOT NULL
    )${clustered}`,
    `CREATE INDEX session_identity ON session (identity_arn)`,
    `CREATE INDEX session_expiry ON session (expires_at)`,
    `CREATE TABLE revocation (
      subject ${text} NOT NULL,
      kind ${text} NOT NULL,
      before ${integer} NOT NULL,
      expires_at ${integer} NOT NULL,
      PRIMARY KEY (subject, kind)
    )${clustered}`,
    `CREATE INDEX revocation_expiry ON revocation (expires_at)`,
    `CREATE TABLE repository_policy (
      repository_id ${integer} PRIMARY KEY REFERENCES repository (id),
      text ${text} NOT NULL
    )${table}`,
    `CREATE TABLE registry_policy (
      registry_id ${text} NOT NULL,
      region ${text} NOT NULL,
      text ${text} NOT NULL,
      PRIMARY KEY (registry_id, region)
    )${clustered}`,
    `CREATE TABLE access_version (
      id ${integer} PRIMARY KEY,
      version ${integer} NOT NULL
    )${table}`,
    `INSERT INTO access_version (id, version) VALUES (1, 1)`,
  ];
}

/** All steps from an empty database to the present schema, in order. A step that has been released is never edited. */
export const migrations: readonly Migration[] = [first, second];
