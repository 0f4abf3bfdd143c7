/* The module _types. The types are in object/ and vm/. */
#include "object/capsule.h"
#include "object/genericalias.h"
#include "object/module.h"
#include "object/namespace.h"
#include "object/type.h"

#include "_types.spec.h"

static const struct {
    const char *name;
    Type *type;
} types[] = {
    {"AsyncGeneratorType", &async_generator_type},
    {"BuiltinFunctionType", &builtin_type},
    {"BuiltinMethodType", &builtin_type},
    {"CapsuleType", &capsule_type},
    {"CellType", &cell_type},
    {"ClassMethodDescriptorType", &classmethod_descriptor_type},
    {"CodeType", &code_type},
    {"CoroutineType", &coroutine_type},
    {"EllipsisType", &ellipsis_type},
    {"FrameType", &frame_type},
    {"FunctionType", &function_type},
    {"GeneratorType", &generator_type},
    {"GenericAlias", &generic_alias_type},
    {"GetSetDescriptorType", &getset_descriptor_type},
    {"LambdaType", &function_type},
    {"MappingProxyType", &mappingproxy_type},
    {"MemberDescriptorType", &member_descriptor_type},
    {"MethodDescriptorType", &method_descriptor_type},
    {"MethodType", &method_type},
    {"MethodWrapperType", &method_wrapper_type},
    {"ModuleType", &module_type},
    {"NoneType", &none_type},
    {"NotImplementedType", &notimplemented_type},
    {"SimpleNamespace", &namespace_type},
    {"TracebackType", &traceback_type},
    {"UnionType", &union_type},
    {"WrapperDescriptorType", &wrapper_descriptor_type},
};

static int
types_module_exec(Value module)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (type_ready(types[i].type) < 0 || module_add(module, types[i].name, own(VALUE(types[i].type))) < 0) {
            return -1;
        }
    }
    return 0;
}

const ModuleDef module__types = {
    .name = "_types",
    .doc = types_module_module_doc,
    .exec = types_module_exec,
};
