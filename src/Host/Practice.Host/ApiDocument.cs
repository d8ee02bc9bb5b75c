using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Practice.Authorization;
using Practice.Shared.Errors;
using Practice.Shared.Http;
using Practice.Shared.Idempotency;
using Scalar.AspNetCore;

namespace Practice.Host;

/// <summary>The OpenAPI document, generated from the routes: input, answers and who may call them.</summary>
internal static class ApiDocument
{
    private const string Bearer = "bearer";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer(Describe);
            options.AddDocumentTransformer(SimplifyEnums);
            options.AddOperationTransformer(AddSecurity);
            options.AddOperationTransformer(AddBoundParameters);
            options.AddSchemaTransformer(AddProblemMembers);
            options.AddSchemaTransformer(DescribeTexts);
        });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference("/docs", page => page.WithTitle("Practice API").DisableDefaultFonts().WithNonce())
            .AllowAnonymous();
    }

    private static Task Describe(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken ct
    )
    {
        document.Info = new OpenApiInfo
        {
            Title = "Practice API",
            Version = "v1",
            Description =
                "Who may see and do what in a health-care practice: "
                + "people, practice groups, locations and the patient portal. "
                + "Errors are problem details (RFC 9457) with a stable code.",
        };
        document.Servers = []; // clients use the address that they loaded the document from
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The accessToken of POST /api/users/sign-in.",
            },
        };

        // Sorted, so that the document does not depend on the order in which slices are found.
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(path => path.Key, StringComparer.Ordinal))
            paths.Add(path, item);
        document.Paths = paths;
        return Task.CompletedTask;
    }

    /// <summary>
    /// If one property of an enum type is nullable, ASP.NET Core adds null to the values of the enum's shared schema
    /// and omits its type. The property's own schema already says that it is nullable.
    /// </summary>
    private static Task SimplifyEnums(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken ct
    )
    {
        foreach (
            var schema in document
                .Components?.Schemas?.Values.OfType<OpenApiSchema>()
                .Where(schema => schema.Enum is { Count: > 0 })
                ?? []
        )
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. schema.Enum!.Where(value => value is not null)];
        }

        return Task.CompletedTask;
    }

    private static Task AddSecurity(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken ct
    )
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AccessRequirement>().Any())
            operation.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
            ];
        return Task.CompletedTask;
    }

    /// <summary>Adds the inputs of parameters that bind themselves from the request.</summary>
    private static Task AddBoundParameters(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken ct
    )
    {
        var types = context
            .Description.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>()
            .FirstOrDefault()
            ?.GetParameters()
            .Select(parameter => parameter.ParameterType)
            .ToArray()
            ?? [];
        operation.Parameters ??= [];
        if (types.Contains(typeof(Paging)))
        {
            operation.Parameters.Add(
                Parameter(
                    "limit",
                    ParameterLocation.Query,
                    JsonSchemaType.Integer,
                    "How many items at most, 1 to 200; 50 when absent."
                )
            );
            operation.Parameters.Add(
                Parameter(
                    "after",
                    ParameterLocation.Query,
                    JsonSchemaType.String,
                    "The cursor `next` of the previous page."
                )
            );
        }

        if (types.Contains(typeof(IfMatch)))
            operation.Parameters.Add(
                Parameter(
                    "If-Match",
                    ParameterLocation.Header,
                    JsonSchemaType.String,
                    "The ETag of the last GET.",
                    required: true
                )
            );
        if (IdempotentRoutes.TakesKey(context.Description.ActionDescriptor.EndpointMetadata))
            operation.Parameters.Add(
                Parameter(
                    "Idempotency-Key",
                    ParameterLocation.Header,
                    JsonSchemaType.String,
                    "A repeat with the same key and body within 24 hours "
                        + "gets the first success's answer again and changes nothing."
                )
            );
        return Task.CompletedTask;
    }

    /// <summary>
    /// Adds the members of our problem details to the standard ones
    /// (<see cref="ProblemResponses"/>, <see cref="Problems"/>).
    /// </summary>
    private static Task AddProblemMembers(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken ct
    )
    {
        if (context.JsonTypeInfo.Type != typeof(ProblemDetails))
            return Task.CompletedTask;
        schema.AdditionalPropertiesAllowed = true;
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        schema.Properties["code"] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "What is wrong, for programs: stable, as module.snake_case.",
        };
        schema.Properties["traceId"] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "Names the call in the logs.",
        };
        schema.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "With 400: what is wrong with each field, by its name as sent.",
            AdditionalProperties = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        };
        return Task.CompletedTask;
    }

    /// <summary>A value that is written as text by a converter of its own has no properties.</summary>
    private static Task DescribeTexts(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken ct
    )
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type is { IsValueType: true, IsEnum: false } && type.IsDefined(typeof(JsonConverterAttribute), false))
            schema.Type = JsonSchemaType.String;
        return Task.CompletedTask;
    }

    private static OpenApiParameter Parameter(
        string name,
        ParameterLocation location,
        JsonSchemaType type,
        string description,
        bool required = false
    ) =>
        new()
        {
            Name = name,
            In = location,
            Schema = new OpenApiSchema { Type = type },
            Description = description,
            Required = required,
        };
}
