/** Uses the types as somebody would who writes a page: what the document says is held, and what it refuses is refused. */
import type { components, operations, paths } from "./api";

type Item = components["schemas"]["ItemDetail"];
type Items = operations["list_items"]["responses"][200]["content"]["application/json"];
type Problem = operations["change_item"]["responses"][412]["content"]["application/problem+json"];
type NewItem = operations["create_item"]["requestBody"]["content"]["application/json"];
type Query = NonNullable<paths["/api/v1/items"]["get"]["parameters"]["query"]>;

const offered: NewItem = { name: "Vase", category_id: "0", price: "12.00", location_id: null };
const query: Query = { q: "oak", sort: "cheapest", limit: 50 };
const report: operations["report_runs"]["requestBody"]["content"]["application/x-ndjson"] = "{}\n";
const profile: components["schemas"]["ProfileChanges"] = { bio: "Here." };

export function show(item: Item): string {
    const where = item.location === null ? "nowhere" : item.location.city;
    return `${item.name.trim()} ${item.price.padStart(9)} ${item.version.toFixed()} ${where} ${item.images.length}`;
}

export function tell(page: Items, problem: Problem): string {
    const next: string | null = page.next ?? null;
    return [...page.rows.map((each) => each.category.slug), next, ...(problem.faults ?? []).map((each) => each.detail)].join();
}

// @ts-expect-error a price is text
const wrongPrice: NewItem = { ...offered, price: 12 };
// @ts-expect-error there is no such sort
const wrongSort: Query = { sort: "prettiest" };
// @ts-expect-error it has to be named
const nameless: NewItem = { category_id: "0", price: "1" };
// @ts-expect-error there is no such field
const unknownField: NewItem = { ...offered, colour: "red" };
// @ts-expect-error a location may be null
export const city = (item: Item): string => item.location.city;
// @ts-expect-error an item can't be put
const put: paths["/api/v1/items"]["put"] = { responses: {} };

export const all = [offered, query, report, profile, wrongPrice, wrongSort, nameless, unknownField, put];
