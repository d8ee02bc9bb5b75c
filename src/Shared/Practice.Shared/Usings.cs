global using Microsoft.AspNetCore.Builder;
global using Microsoft.AspNetCore.Http;
global using Practice.Authorization;
global using Practice.Shared.Errors;
global using Practice.Shared.Http;
