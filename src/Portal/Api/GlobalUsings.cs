// Pages show many kinds of objects and read little of each spec: to them every spec is JSON.
global using ApiResource = Gatehouse.Contracts.Api.ApiObject<System.Text.Json.JsonElement>;
