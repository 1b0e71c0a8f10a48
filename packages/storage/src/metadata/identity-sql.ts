const IDENTITY = `arn, account_id, kind, name, path, unique_id, created_at, tags, boundary_arn, trust_policy,
  max_session_seconds`;
const MEMBER_IDENTITY = IDENTITY.replaceAll(/\w+/g, "i.$&");
const POLICY = `arn, account_id, name, path, text, created_at, updated_at`;

export const FIND = `SELECT ${IDENTITY} FROM identity WHERE arn = ?1`;
export const FIND_BY_NAME = `SELECT ${IDENTITY} FROM identity WHERE account_id = ?1 AND kind = ?2 AND name_key = ?3`;
export const LIST = `SELECT ${IDENTITY} FROM identity WHERE account_id = ?1 AND kind = ?2 AND name > ?3
  ORDER BY name LIMIT ?4`;
export const COUNT = `SELECT COUNT(*) AS count FROM identity WHERE account_id = ?1 AND kind = ?2`;
export const INSERT = `INSERT INTO identity (arn, account_id, kind, name, name_key, path, unique_id, created_at, tags,
    boundary_arn, trust_policy, max_session_seconds)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`;
export const UPDATE = `UPDATE identity SET tags = ?2, boundary_arn = ?3, trust_policy = ?4, max_session_seconds = ?5
  WHERE arn = ?1`;
/** What belongs to an identity, in an order that leaves no row without what it refers to. */
export const DELETE_CONTENTS = [
  `DELETE FROM identity_policy WHERE identity_arn = ?1`,
  `DELETE FROM policy_attachment WHERE identity_arn = ?1`,
  `DELETE FROM group_member WHERE group_arn = ?1`,
  `DELETE FROM group_member WHERE user_arn = ?1`,
  `DELETE FROM access_key WHERE principal_arn = ?1`,
  `DELETE FROM session WHERE identity_arn = ?1`,
] as const;
export const DELETE = `DELETE FROM identity WHERE arn = ?1`;

export const GROUPS_OF = `SELECT ${MEMBER_IDENTITY} FROM group_member m JOIN identity i ON i.arn = m.group_arn
  WHERE m.user_arn = ?1 ORDER BY m.group_arn`;
export const MEMBERS_OF = `SELECT ${MEMBER_IDENTITY} FROM group_member m JOIN identity i ON i.arn = m.user_arn
  WHERE m.group_arn = ?1 ORDER BY m.user_arn`;
export const ADD_MEMBER = `INSERT INTO group_member (group_arn, user_arn) VALUES (?1, ?2)
  ON CONFLICT (group_arn, user_arn) DO NOTHING`;
export const REMOVE_MEMBER = `DELETE FROM group_member WHERE group_arn = ?1 AND user_arn = ?2`;

export const INLINE_POLICIES = `SELECT identity_arn, name, text FROM identity_policy WHERE identity_arn = ?1 ORDER BY name`;
export const INLINE_POLICIES_OF_GROUPS = `SELECT p.identity_arn, p.name, p.text
  FROM group_member m JOIN identity_policy p ON p.identity_arn = m.group_arn
  WHERE m.user_arn = ?1 ORDER BY m.group_arn`;
export const PUT_INLINE_POLICY = `INSERT INTO identity_policy (identity_arn, name, text) VALUES (?1, ?2, ?3)
  ON CONFLICT (identity_arn, name) DO UPDATE SET text = excluded.text`;
export const DELETE_INLINE_POLICY = `DELETE FROM identity_policy WHERE identity_arn = ?1 AND name = ?2`;

export const ATTACHED = `SELECT policy_arn FROM policy_attachment WHERE identity_arn = ?1 ORDER BY policy_arn`;
export const ATTACHED_TO_GROUPS = `SELECT a.policy_arn
  FROM group_member m JOIN policy_attachment a ON a.identity_arn = m.group_arn
  WHERE m.user_arn = ?1 ORDER BY m.group_arn`;
export const ATTACH = `INSERT INTO policy_attachment (identity_arn, policy_arn) VALUES (?1, ?2)
  ON CONFLICT (identity_arn, policy_arn) DO NOTHING`;
export const DETACH = `DELETE FROM policy_attachment WHERE identity_arn = ?1 AND policy_arn = ?2`;

export const FIND_POLICY = `SELECT ${POLICY} FROM managed_policy WHERE arn = ?1`;
/** The customer managed policies that count for an identity: its own, those of its groups, its boundary. */
export const POLICIES_OF = `SELECT ${POLICY} FROM managed_policy WHERE arn IN (
    SELECT policy_arn FROM policy_attachment WHERE identity_arn = ?1
    UNION ALL SELECT a.policy_arn FROM group_member m JOIN policy_attachment a ON a.identity_arn = m.group_arn
      WHERE m.user_arn = ?1
    UNION ALL SELECT boundary_arn FROM identity WHERE arn = ?1 AND boundary_arn IS NOT NULL)`;
export const LIST_POLICIES = `SELECT ${POLICY} FROM managed_policy WHERE account_id = ?1 ORDER BY name`;
export const PUT_POLICY = `INSERT INTO managed_policy (arn, account_id, name, name_key, path, text, created_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
  ON CONFLICT (arn) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at`;
export const DELETE_POLICY = `DELETE FROM managed_policy WHERE arn = ?1`;
export const ATTACHED_USERS = `SELECT identity_arn AS arn FROM policy_attachment WHERE policy_arn = ?1
  ORDER BY identity_arn LIMIT ?2`;
export const BOUNDED_USERS = `SELECT arn FROM identity WHERE boundary_arn = ?1 ORDER BY arn LIMIT ?2`;
