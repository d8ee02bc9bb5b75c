using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Practice.Shared;
using Practice.Shared.Errors;
using Practice.Shared.Http;
using Practice.Shared.Idempotency;
using Scalar.AspNetCore;

namespace Practice.Host.OpenApi;

/// <summary>
/// The OpenAPI document. ASP.NET Core describes routes and types; <see cref="ApiDocumentWriter"/> adds what it cannot
/// know.
/// </summary>
internal static class ApiDocument
{
    internal const string Name = "v1";
    internal const string Bearer = "bearer";

    public static void AddApiDocument(this IServiceCollection services, IReadOnlyList<IModule> modules)
    {
        var types = new SchemaTypes();
        services.AddSingleton(provider => new ApiDocumentWriter(
            provider,
            provider.GetRequiredService<EndpointDataSource>(),
            [.. modules.Select(module => module.GetType().Assembly).Distinct()],
            types
        ));
        services.AddOpenApi(Name, options =>
        {
            options.CreateSchemaReferenceId = types.NameOf;
            options.AddDocumentTransformer(SimplifyEnums);
            options.AddOperationTransformer(AddBoundParameters);
            options.AddSchemaTransformer(AddProblemMembers);
            options.AddSchemaTransformer(DescribeTexts);
        });
    }

    public static void MapApiDocument(this WebApplication app)
    {
        // The first call makes the document: on a busy machine that takes longer than any other call may.
        app.MapGet("/openapi/v1.json", WriteAsync).AllowAnonymous().ExcludeFromDescription().DisableRequestTimeout();
        app.MapScalarApiReference("/docs", page => page.WithTitle("Practice API").DisableDefaultFonts().WithNonce())
            .AllowAnonymous();
    }

    private static async Task<IResult> WriteAsync(ApiDocumentWriter document, CancellationToken ct) =>
        Microsoft.AspNetCore.Http.Results.Bytes(await document.ReadAsync(ct), "application/json");

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

    /// <summary>Adds the inputs of parameters that bind themselves from the request.</summary>
    private static async Task AddBoundParameters(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken ct
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var parameters = metadata.OfType<MethodInfo>().FirstOrDefault()?.GetParameters() ?? [];
        operation.Parameters ??= [];
        foreach (var parameter in parameters)
        {
            var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            if (
                type is { IsGenericType: true }
                && type.GetGenericTypeDefinition() == typeof(QueryValue<>)
                && operation.Parameters.OfType<OpenApiParameter>().FirstOrDefault(one => one.Name == parameter.Name)
                    is { } filter
            )
                filter.Schema = await FilterAsync(type.GetGenericArguments()[0], context, ct);
        }

        if (parameters.Any(parameter => parameter.ParameterType == typeof(Paging)))
        {
            operation.Parameters.Add(
                Parameter(
                    "limit",
                    ParameterLocation.Query,
                    new OpenApiSchema
                    {
                        Type = JsonSchemaType.Integer,
                        Minimum = "1",
                        Maximum = Paging.MaxLimit.ToString(CultureInfo.InvariantCulture),
                        Default = Paging.Default,
                    },
                    "How many items at most."
                )
            );
            operation.Parameters.Add(
                Parameter(
                    "after",
                    ParameterLocation.Query,
                    new OpenApiSchema { Type = JsonSchemaType.String },
                    "The cursor `next` of the previous page."
                )
            );
        }

        if (parameters.Any(parameter => parameter.ParameterType == typeof(IfMatch)))
            operation.Parameters.Add(
                Parameter(
                    HeaderNames.IfMatch,
                    ParameterLocation.Header,
                    new OpenApiSchema { Type = JsonSchemaType.String },
                    "The `ETag` of the last GET.",
                    required: true
                )
            );
        if (IdempotentRoutes.TakesKey(metadata))
            operation.Parameters.Add(
                Parameter(
                    "Idempotency-Key",
                    ParameterLocation.Header,
                    new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        MinLength = 1,
                        MaxLength = IdempotentRoutes.MaxKeyLength,
                        Pattern = "^[!-~]+$",
                    },
                    "A repeat with the same key and body within 24 hours "
                        + "gets the first success's answer again and changes nothing."
                )
            );
    }

    /// <summary>An enum's values are a schema of its own, as in bodies.</summary>
    private static async Task<IOpenApiSchema> FilterAsync(
        Type type,
        OpenApiOperationTransformerContext context,
        CancellationToken ct
    )
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, ct);
        if (!type.IsEnum)
            return schema;
        context.Document!.AddComponent<IOpenApiSchema>(type.Name, schema);
        return new OpenApiSchemaReference(type.Name, context.Document);
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
        OpenApiSchema schema,
        string description,
        bool required = false
    ) =>
        new()
        {
            Name = name,
            In = location,
            Schema = schema,
            Description = description,
            Required = required,
        };
}
