import { TemplateNotFoundException } from "@stowage/model";
import type { EcrCall, EcrOperations } from "../operation.ts";
import { refusePaging } from "../paging.ts";
import { emptyPage, nothingStored, type AbsentParts } from "./absent.ts";

type Templates = Pick<
  EcrOperations,
  | "CreateRepositoryCreationTemplate"
  | "UpdateRepositoryCreationTemplate"
  | "DeleteRepositoryCreationTemplate"
  | "DescribeRepositoryCreationTemplates"
>;

export const templates = (parts: AbsentParts): Templates => ({
  CreateRepositoryCreationTemplate: () => nothingStored("CreateRepositoryCreationTemplate"),
  UpdateRepositoryCreationTemplate: noTemplate,
  DeleteRepositoryCreationTemplate: noTemplate,
  // A prefix without a template is left out of the answer, not refused.
  DescribeRepositoryCreationTemplates: async (input, call) => {
    if (input.prefixes !== undefined && input.prefixes.length > 0) refusePaging(input, "prefixes");
    const query = { operation: "DescribeRepositoryCreationTemplates", input, call };
    return { registryId: call.registry.registryId, repositoryCreationTemplates: await emptyPage(parts, query) };
  },
});

function noTemplate({ prefix }: { readonly prefix: string }, { registry }: EcrCall): never {
  throw new TemplateNotFoundException(
    `The repository creation template with prefix '${prefix}' does not exist in the registry with id '${registry.registryId}'`,
  );
}
