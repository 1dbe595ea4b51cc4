// SPDX-License-Identifier: MIT
// The part of XGBoost 3's C interface that is used here; its wheel carries no header.
#pragma once
#include <stdint.h>

typedef void *XGBHandle;

const char *XGBGetLastError(void);
int XGBSetGlobalConfig(const char *configuration);

int XGDMatrixCreateFromMat(const float *data, uint64_t rows, uint64_t columns, float missing,
                           XGBHandle *out);
int XGDMatrixSetFloatInfo(XGBHandle matrix, const char *field, const float *values,
                          uint64_t count);
int XGDMatrixFree(XGBHandle matrix);

int XGBoosterCreate(const XGBHandle matrices[], uint64_t count, XGBHandle *out);
int XGBoosterFree(XGBHandle booster);
int XGBoosterSetParam(XGBHandle booster, const char *name, const char *value);
int XGBoosterUpdateOneIter(XGBHandle booster, int iteration, XGBHandle training);
int XGBoosterTrainOneIter(XGBHandle booster, XGBHandle training, int iteration,
                          const char *gradients, const char *hessians);
int XGBoosterEvalOneIter(XGBHandle booster, int iteration, XGBHandle matrices[],
                         const char *names[], uint64_t count, const char **out_text);
int XGBoosterPredictFromDMatrix(XGBHandle booster, XGBHandle matrix, const char *configuration,
                                const uint64_t **out_shape, uint64_t *out_dimensions,
                                const float **out_values);
int XGBoosterSlice(XGBHandle booster, int begin, int end, int step, XGBHandle *out);
int XGBoosterGetNumFeature(XGBHandle booster, uint64_t *out_count);
int XGBoosterBoostedRounds(XGBHandle booster, int *out_rounds);
int XGBoosterSetAttr(XGBHandle booster, const char *key, const char *value);
int XGBoosterGetAttr(XGBHandle booster, const char *key, const char **out_value, int *out_found);
int XGBoosterSetStrFeatureInfo(XGBHandle booster, const char *field, const char **names,
                               uint64_t count);
int XGBoosterGetStrFeatureInfo(XGBHandle booster, const char *field, uint64_t *out_count,
                               const char ***out_names);
int XGBoosterSaveModelToBuffer(XGBHandle booster, const char *configuration, uint64_t *out_length,
                               const char **out_bytes);
int XGBoosterLoadModelFromBuffer(XGBHandle booster, const void *bytes, uint64_t length);
int XGBoosterFeatureScore(XGBHandle booster, const char *configuration, uint64_t *out_features,
                          const char ***out_names, uint64_t *out_dimensions,
                          const uint64_t **out_shape, const float **out_scores);
