/** Owners of exams and people. */
export interface OrganisationsTable {
  id: string;
  name: string;
  created_at: Date;
}
